package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.millrace.spi.Variables;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Sends items to a stage. */
final class EmitStep implements StepType {
    private static final Field<String> TO =
            Field.of("to", Types.stage(), "The stage.").required();
    private static final Field<Jq> EACH = Field.of("each", Types.jq(), "jq; each output becomes an item.")
            .defaultDoc("one item: the document")
            .example(".links[]");
    private static final Field<Template> ITEM = Field.of(
                    "item", Types.template(), "What is sent; `.` is the element, `$outer` the document.")
            .defaultDoc("the element");
    private static final Field<Boolean> NOW = Field.of(
                    "now", Types.bool(), "Send at once, even if this item fails or is tried again.")
            .byDefault(false);
    private static final Spec SPEC = Spec.step("emit", "Sends items to a stage, while the item itself goes its way.")
            .main(TO)
            .fields(EACH, ITEM, NOW)
            .sendsAtOnce(NOW)
            .result(Spec.Result.NOTHING)
            .note(
                    "What is emitted leaves when the item's steps have all succeeded, and belongs to the same root: the root is settled"
                            + " only when it is.")
            .note("What is no object is sent as `{\"value\": x}`.")
            .example(
                    "{\"stages\": {\"start\": {\"source\": {\"values\": [{\"n\": 3}]}, \"steps\": [{\"emit\": {\"to\": \"print\", "
                            + "\"each\": \"range(.n)\", \"item\": {\"i\": \"${.}\", \"of\": \"${$outer.n}\"}}}], \"sink\": \"discard\"}, "
                            + "\"print\": {\"sink\": \"stdout\"}}}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return new Emit(settings.get(TO), settings.find(EACH), settings.find(ITEM), settings.get(NOW));
    }

    private record Emit(String to, Optional<Jq> each, Optional<Template> item, boolean now) implements Step {
        @Override
        public Future<JsonNode> run(Frame frame) {
            ObjectNode document = frame.document();
            Variables variables = name -> name.equals("outer") ? document : frame.variable(name);
            List<ObjectNode> items = elements(frame).stream()
                    .map(element -> asDocument(item.isPresent() ? item.get().eval(element, variables) : element))
                    .toList();
            if (now) {
                return sendInTurn(frame, items.iterator());
            }
            items.forEach(one -> frame.emit(to, one));
            return Future.succeededFuture(NullNode.instance);
        }

        private List<JsonNode> elements(Frame frame) {
            return each.isPresent() ? each.get().all(frame) : List.of(frame.document());
        }

        private Future<JsonNode> sendInTurn(Frame frame, Iterator<ObjectNode> items) {
            while (items.hasNext()) {
                Future<Void> sent = frame.emitNow(to, items.next());
                if (!sent.succeeded()) {
                    return sent.compose(taken -> sendInTurn(frame, items));
                }
            }
            return Future.succeededFuture(NullNode.instance);
        }

        private static ObjectNode asDocument(JsonNode value) {
            return value instanceof ObjectNode object
                    ? object
                    : JsonNodeFactory.instance.objectNode().set("value", value);
        }
    }
}
