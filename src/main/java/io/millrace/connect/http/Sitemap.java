package io.millrace.connect.http;

import crawlercommons.sitemaps.AbstractSiteMap;
import crawlercommons.sitemaps.SiteMap;
import crawlercommons.sitemaps.SiteMapIndex;
import crawlercommons.sitemaps.SiteMapParser;
import crawlercommons.sitemaps.SiteMapURL;
import crawlercommons.sitemaps.UnknownFormatException;
import io.millrace.spi.Failure;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sitemap, read.
 *
 * @param pages the URLs it lists
 * @param sitemaps the URLs of the sitemaps it lists
 * @param bad what it lists and is no http URL
 */
record Sitemap(List<Page> pages, List<String> sitemaps, List<String> bad) {
    /** @param modified ISO 8601, or null */
    record Page(String url, @Nullable String modified) {}

    /** Throws BAD_DATA for what is none. Takes a core's time. */
    static Sitemap parse(Target at, byte[] body, long limit) {
        boolean gzip = body.length > 2 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b;
        byte[] plain = gzip ? Decoding.decode(body, "gzip", limit, at.url()) : body;
        Set<String> bad = new LinkedHashSet<>(); // an entry is asked about several times
        SiteMapParser parser = new SiteMapParser(false, false); // entries of other hosts too; nothing of a broken file
        parser.setURLFilter((String listed) -> checked(at, listed, bad));
        try {
            return of(parser.parseSiteMap(plain, new URL(at.url())), bad);
        } catch (UnknownFormatException | IOException none) {
            throw Failure.of(
                    Failure.Kind.BAD_DATA, at.url() + " is not a sitemap that can be read: " + none.getMessage(), none);
        }
    }

    private static @Nullable String checked(Target at, String listed, Set<String> bad) {
        try {
            return at.resolve(listed).url();
        } catch (Failure noUrl) {
            bad.add(listed);
            return null;
        }
    }

    private static Sitemap of(AbstractSiteMap read, Set<String> bad) throws MalformedURLException {
        if (read instanceof SiteMapIndex index) {
            List<String> listed = index.getSitemaps().stream()
                    .map(one -> one.getUrl().toString())
                    .toList();
            return new Sitemap(List.of(), listed, List.copyOf(bad));
        }
        List<Page> pages =
                ((SiteMap) read).getSiteMapUrls().stream().map(Sitemap::page).toList();
        return new Sitemap(pages, List.of(), List.copyOf(bad));
    }

    private static Page page(SiteMapURL listed) {
        String modified = Optional.ofNullable(listed.getLastModified())
                .map(Date::toInstant)
                .map(Object::toString)
                .orElse(null);
        return new Page(listed.getUrl().toString(), modified);
    }
}
