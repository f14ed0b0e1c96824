package io.millrace.spi;

/**
 * A file that a durable run writes, as it is to be kept with the run's progress.
 *
 * @param path absolute, and the name that the file has in the end; until then it may lie beside it under another
 * @param length bytes that are on the disk for good
 * @param crc CRC-32 of the last 64 KB of them, or of all if there are fewer
 * @param complete whether nothing will be added: it gets its name once this is committed
 */
public record FileState(String path, long length, int crc, boolean complete) {}
