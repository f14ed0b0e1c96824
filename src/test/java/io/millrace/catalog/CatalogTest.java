package io.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flow.TestComponents;
import io.millrace.spi.Connector;
import io.millrace.spi.Spec;
import io.millrace.spi.StepType;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final StepType http = TestComponents.all().step("http").orElseThrow();

    @Test
    void finds_components_by_kind_and_name() {
        Catalog catalog = Catalog.of(List.of(() -> List.of(http)));

        assertThat(catalog.names(Spec.Kind.STEP)).containsExactly("http");
        assertThat(catalog.step("http")).containsSame(http);
        assertThat(catalog.source("http")).isEmpty();
        assertThat(catalog.named("http")).containsExactly(http);
    }

    @Test
    void refuses_two_components_of_one_kind_and_name() {
        Connector one = () -> List.of(http);

        assertThatThrownBy(() -> Catalog.of(List.of(one, one)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two components are the STEP \"http\"");
    }

    @Test
    void loads_the_components_of_the_class_path() {
        Catalog catalog = Catalog.load();

        assertThat(catalog.names(Spec.Kind.SOURCE)).contains("values", "range");
        assertThat(catalog.names(Spec.Kind.SINK)).contains("stdout", "discard");
    }
}
