package io.millrace.connect.sql;

import io.millrace.spi.Template;
import java.util.List;
import java.util.Map;

/**
 * What a sink shall write.
 *
 * @param table as the flow names it
 * @param columns column to template; empty: the document's fields
 */
record Target(String table, List<String> key, SqlSinkType.Mode mode, Map<String, Template> columns) {}
