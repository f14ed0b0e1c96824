package io.millrace.flow;

import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import java.util.Optional;

/** Makes modifiers of the settings that stand on a step, or on a stage as a whole. */
final class ModifiersOf {
    private ModifiersOf() {}

    static Modifiers step(Settings beside, Spec step) {
        Optional<String> byDefault =
                step.blockingByDefault() ? Optional.of(BlockingType.DEFAULT_POOL) : Optional.empty();
        return of(
                beside,
                beside.find(Language.LABEL),
                beside.find(Language.AS),
                beside.find(Language.WHEN),
                beside.find(Language.BLOCKING).orElse(byDefault));
    }

    static Modifiers stage(Settings stage) {
        return of(stage, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Modifiers of(
            Settings settings,
            Optional<String> name,
            Optional<Modifiers.As> as,
            Optional<io.millrace.spi.Jq> when,
            Optional<String> blocking) {
        return new Modifiers(
                name,
                as,
                when,
                settings.find(Language.FINALLY).map(Steps.class::cast),
                settings.find(Language.ON_ERROR),
                settings.find(Language.RETRY).map(ModifiersOf::retry),
                settings.find(Language.TIMEOUT),
                blocking);
    }

    private static Retry retry(Settings retry) {
        return new Retry(
                retry.get(Language.ATTEMPTS),
                retry.get(Language.BACKOFF),
                retry.get(Language.MAX_BACKOFF),
                retry.find(Language.RETRY_ON).orElse(java.util.List.of()),
                retry.find(Language.TOTAL));
    }
}
