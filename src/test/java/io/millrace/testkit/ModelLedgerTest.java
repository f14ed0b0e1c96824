package io.millrace.testkit;

import io.millrace.ledger.LedgerBench;
import io.millrace.ledger.LedgerContract;
import io.millrace.ledger.QueueContract;
import io.millrace.ledger.SharingContract;
import org.junit.jupiter.api.Nested;

/** The model keeps what the real ledger keeps to. */
class ModelLedgerTest {
    @Nested
    class OfRuns extends LedgerContract {
        @Override
        protected LedgerBench open() {
            return new ModelBench();
        }
    }

    @Nested
    class OfQueues extends QueueContract {
        @Override
        protected LedgerBench open() {
            return new ModelBench();
        }
    }

    @Nested
    class OfSharing extends SharingContract {
        @Override
        protected LedgerBench open() {
            return new ModelBench();
        }
    }
}
