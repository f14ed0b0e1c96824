package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Step;
import io.millrace.spi.Template;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;

/** Runs a statement with values from the document. */
final class SqlStep implements Step {
    private final Lanes lanes;
    private final Query query;
    private final List<Template> params;
    private final boolean one;

    SqlStep(Lanes lanes, Query query, List<Template> params, boolean one) {
        this.lanes = lanes;
        this.query = query;
        this.params = params;
        this.one = one;
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        List<JsonNode> values = new ArrayList<>(params.size());
        for (Template param : params) {
            values.add(param.eval(frame));
        }
        Transaction.Level within = Transaction.around(frame, lanes);
        if (within != null) {
            return within.run(frame.scope(), query.sql(), connection -> query.on(connection, values))
                    .map(this::value);
        }
        Future<Query.Prepared> ready = query.prepare();
        return ready.succeeded() ? run(ready.result(), values, frame) : later(ready, values, frame);
    }

    private Future<JsonNode> later(Future<Query.Prepared> ready, List<JsonNode> values, Frame frame) {
        return Rehome.here(ready)
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown, query.sql())))
                .compose(prepared -> run(prepared, values, frame));
    }

    private Future<JsonNode> run(Query.Prepared ready, List<JsonNode> values, Frame frame) {
        Call<RowSet<Row>> call = query.start(ready, query.tuple(ready, values));
        Scope.Handle handle =
                frame.scope().onCancel(Scope.Operation.of(() -> lanes.doing(call, query.sql()), call::cancel));
        return call.future().transform((rows, thrown) -> {
            handle.dispose();
            return thrown == null
                    ? Future.succeededFuture(value(rows))
                    : Future.failedFuture(query.failure(thrown, ready, values));
        });
    }

    private JsonNode value(RowSet<Row> rows) {
        if (!one) {
            return FromSql.rows(rows);
        }
        if (rows.size() > 1) {
            throw Failure.badData("the query gave " + rows.size()
                    + " rows, and \"one\" allows one. Make its condition unique, or add LIMIT 1.");
        }
        ArrayNode list = FromSql.rows(rows);
        return list.isEmpty() ? NullNode.instance : list.get(0);
    }
}
