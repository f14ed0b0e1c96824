package io.millrace.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Variables;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A batch that notes which of its documents were rejected. */
public final class TestBatch implements Batch {
    private final List<ObjectNode> documents;
    private Variables variables = Variables.NONE;
    private final Map<Integer, Failure> rejected = new TreeMap<>();

    public TestBatch(List<ObjectNode> documents) {
        this.documents = List.copyOf(documents);
    }

    /** The documents in JSON. */
    public static TestBatch of(String... documents) {
        return new TestBatch(Arrays.stream(documents).map(TestJson::object).toList());
    }

    /** Gives the documents' templates something to see. */
    public TestBatch seeing(Variables seen) {
        this.variables = seen;
        return this;
    }

    /** Failures by the index of their document. */
    public Map<Integer, Failure> rejected() {
        return rejected;
    }

    @Override
    public List<ObjectNode> documents() {
        return documents;
    }

    @Override
    public Variables variables(int index) {
        return variables;
    }

    @Override
    public void reject(int index, Failure failure) {
        rejected.put(index, failure);
    }
}
