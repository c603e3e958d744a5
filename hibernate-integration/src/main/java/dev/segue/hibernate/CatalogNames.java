package dev.segue.hibernate;

import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.relational.Database;
import org.hibernate.dialect.PostgreSQLDialect;
import org.hibernate.mapping.Column;

/** Names as the catalog has them: an unquoted one in the database's own case. */
record CatalogNames(Database mapped) {

    static dev.segue.database.Database database(Database mapped) {
        return mapped.getDialect() instanceof PostgreSQLDialect
                ? dev.segue.database.Database.POSTGRESQL
                : dev.segue.database.Database.MYSQL;
    }

    String of(Identifier name) {
        return mapped.getJdbcEnvironment().getIdentifierHelper().toMetaDataObjectName(name);
    }

    String of(Column column) {
        return of(mapped.toIdentifier(column.getQuotedName()));
    }
}
