package dev.segue.spring;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.segue.RequestSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks OpenFeature where to go with a change: the string flag {@code segue.<change>} holds the name of a phase. A flag that
 * does not exist or is empty says nothing. It is evaluated with the application's name as the targeting key and
 * nothing else, so that all nodes of an application get the same answer.
 */
final class OpenFeatureRequests implements RequestSource {

    private final Supplier<Optional<Client>> client;
    private final EvaluationContext context;

    /** @param client nothing as long as nobody has said where flags come from */
    OpenFeatureRequests(Supplier<Optional<Client>> client, String application) {
        this.client = client;
        this.context = new ImmutableContext(application);
    }

    @Override
    public Optional<String> phase(String change) {
        return client.get().flatMap(asked -> phase(asked, key(change)));
    }

    private Optional<String> phase(Client asked, String key) {
        FlagEvaluationDetails<String> details = asked.getStringDetails(key, "", context);
        ErrorCode error = details.getErrorCode();
        if (error != null && error != ErrorCode.FLAG_NOT_FOUND) {
            throw new IllegalStateException(error + ": " + details.getErrorMessage());
        }
        return error == null ? Optional.ofNullable(details.getValue()) : Optional.empty();
    }
}
