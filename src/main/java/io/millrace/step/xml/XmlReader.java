package io.millrace.step.xml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a document with the JDK's own parser, whatever others the class path holds. Without document types there are neither external
 * entities nor any that grow. Safe for use by several threads.
 */
final class XmlReader {
    /**
     * The parser's own bounds: maxDepth and maxSize stand in their place, so that a document is read or refused alike by every Java (25 refuses a
     * text of 100,000 characters, 17 does not). 0 is none.
     */
    private static final Map<String, String> PARSER_LIMITS = Map.of(
            "jdk.xml.maxElementDepth", "0",
            "jdk.xml.maxGeneralEntitySizeLimit", "0",
            "jdk.xml.totalEntitySizeLimit", "0",
            "jdk.xml.elementAttributeLimit", "10000",
            "jdk.xml.maxXMLNameLimit", "1000");

    private static final XMLInputFactory FACTORY = factory();
    private static final String MESSAGE = "\nMessage: ";

    private final Set<String> lists;
    private final int maxDepth;
    private final long maxSize;

    XmlReader(Set<String> lists, int maxDepth, long maxSize) {
        this.lists = lists;
        this.maxDepth = maxDepth;
        this.maxSize = maxSize;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false); // names stay as they are written
        PARSER_LIMITS.forEach(factory::setProperty);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing is fetched for a document");
        });
        return factory;
    }

    /** Throws {@link Failure} BAD_DATA for what is not XML, LIMIT for what is too long or too deep. */
    JsonNode read(String text) {
        if (text.length() > maxSize) {
            throw Failure.of(
                    Kind.LIMIT,
                    "xml: a text of " + text.length() + " characters is over maxSize (" + maxSize
                            + "). Raise it, or fetch smaller documents.");
        }
        String document = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try {
            XMLStreamReader events = open(document);
            try {
                return document(events);
            } finally {
                events.close();
            }
        } catch (XMLStreamException e) {
            throw Failure.badData(message(e));
        }
    }

    /** The factory's settings are fixed by now; that its readers may be made by several threads, nobody promises. */
    private static XMLStreamReader open(String document) throws XMLStreamException {
        synchronized (FACTORY) {
            return FACTORY.createXMLStreamReader(new StringReader(document));
        }
    }

    private JsonNode document(XMLStreamReader events) throws XMLStreamException {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        Deque<Element> open = new ArrayDeque<>();
        while (events.hasNext()) {
            switch (events.next()) {
                case XMLStreamConstants.START_ELEMENT -> open.push(begin(events, open.size()));
                case XMLStreamConstants.END_ELEMENT -> end(open, whole);
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text(events, open);
                default -> {} // comments, instructions, the document type
            }
        }
        return whole;
    }

    private Element begin(XMLStreamReader events, int depth) {
        Location at = events.getLocation();
        if (depth >= maxDepth) {
            throw Failure.of(
                    Kind.LIMIT,
                    "xml: elements stand deeper than maxDepth (" + maxDepth + ") at line " + at.getLineNumber()
                            + ", column " + at.getColumnNumber() + ".");
        }
        Element element = new Element(events.getLocalName());
        for (int i = 0; i < events.getAttributeCount(); i++) {
            element.attribute(attributeName(events, i), events.getAttributeValue(i));
        }
        return element;
    }

    /** The JDK's parser splits names of attributes, and only those, though it was told to leave names alone. */
    private static String attributeName(XMLStreamReader events, int index) {
        String prefix = events.getAttributePrefix(index);
        String local = events.getAttributeLocalName(index);
        return prefix == null || prefix.isEmpty() ? local : prefix + ":" + local;
    }

    private void end(Deque<Element> open, ObjectNode whole) {
        Element ended = open.pop();
        Element parent = open.peek();
        boolean list = lists.contains(ended.name());
        if (parent == null) {
            whole.set(ended.name(), list ? JsonNodeFactory.instance.arrayNode().add(ended.value()) : ended.value());
        } else {
            parent.child(ended.name(), ended.value(), list);
        }
    }

    private static void text(XMLStreamReader events, Deque<Element> open) {
        Element element = open.peek();
        if (element != null) {
            element.text(events.getTextCharacters(), events.getTextStart(), events.getTextLength());
        }
    }

    private static String message(XMLStreamException e) {
        String text = String.valueOf(e.getMessage());
        int reason = text.indexOf(MESSAGE);
        String words = reason < 0 ? text : text.substring(reason + MESSAGE.length());
        Location at = e.getLocation();
        return at == null
                ? "not XML: " + words
                : "not XML at line " + at.getLineNumber() + ", column " + at.getColumnNumber() + ": " + words;
    }
}
