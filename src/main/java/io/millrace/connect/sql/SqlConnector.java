package io.millrace.connect.sql;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** PostgreSQL. */
@AutoService(Connector.class)
public final class SqlConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(
                new PostgresResourceType(),
                new SqlStepType(),
                new TransactionStepType(),
                new SqlSourceType(),
                new NotifySourceType(),
                new SqlSinkType());
    }
}
