package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    SELECT $1, $2 + $1 | SELECT <1>, <2> + <1>
                    SELECT '$1', "$2", $3 | SELECT '$1', "$2", <3>
                    SELECT 'it''s $1', $1 | SELECT 'it''s $1', <1>
                    SELECT E'\\'$1', $2 | SELECT E'\\'$1', <2>
                    SELECT $$ $1 $$, $x$ $2 $$ $x$, $1 | SELECT $$ $1 $$, $x$ $2 $$ $x$, <1>
                    SELECT 1 -- $1 | SELECT 1 -- $1
                    SELECT /* $1 /* $2 */ $3 */ $4 | SELECT /* $1 /* $2 */ $3 */ <4>
                    SELECT a$1, $1::int[$2] ; | SELECT a$1, <1>::int[<2>]
                    """)
    void finds_parameters_outside_of_strings_names_and_comments(String sql, String marked) {
        assertThat(SqlText.of(sql).with(n -> "<" + n + ">")).isEqualTo(marked);
    }
}
