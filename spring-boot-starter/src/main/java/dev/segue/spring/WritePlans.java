package dev.segue.spring;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.springframework.beans.BeansException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Writes the SQL of all stages of an application's changes as scripts, to be reviewed and kept in version control:
 * {@code src/main/resources/db/segue/<change>/<stage>.<database>.sql}. On the class path they are what runs.
 *
 * <pre>java -cp ... dev.segue.spring.WritePlans com.acme.Shop --spring.datasource.url=...</pre>
 *
 * <p>It starts the application up to its entity manager factory and no further, because there the entities, the naming
 * strategies and the database are known, whose catalog tells types and indexes. The application's own Flyway runs by then;
 * Segue changes nothing.
 */
public final class WritePlans {

    /** The directory to write to; set by this class alone. */
    static final String PROPERTY = "segue.write-plans";

    private static final String DIRECTORY = "src/main/resources/db/segue";

    private WritePlans() {}

    /** What ends the start of the application when the scripts are written. */
    static final class Written extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Written(List<Path> files) {
            super(files.isEmpty() ? "No entity declares a change; nothing has been written." : "Written: " + files);
        }
    }

    /**
     * @param arguments the application's class, then its arguments; {@code --segue.write-plans=} is another directory
     * @throws ClassNotFoundException if there is no such class
     * @throws IllegalArgumentException if no class is named
     */
    public static void main(String... arguments) throws ClassNotFoundException {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("Name the application's class: WritePlans com.acme.Shop");
        }
        Application application = new Application(Class.forName(arguments[0]));
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(java.util.Map.of(PROPERTY, DIRECTORY));
        try {
            application.run(Arrays.copyOfRange(arguments, 1, arguments.length)).close();
            System.out.println(
                    "The application has no entity manager factory that Segue sees; nothing has been written.");
        } catch (SpringApplication.AbandonedRunException e) {
            System.out.println(application.said);
        }
    }

    private static final class Application extends SpringApplication {

        private String said = "";

        Application(Class<?> application) {
            super(application);
        }

        @Override
        protected void refresh(ConfigurableApplicationContext context) {
            try {
                super.refresh(context);
            } catch (BeansException e) {
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                    if (cause instanceof Written written) {
                        said = String.valueOf(written.getMessage());
                        throw new AbandonedRunException(context);
                    }
                }
                throw e;
            }
        }
    }
}
