/// The web tier's tables beside ours: what they have after each step.
#define CAF_SUITE app_mirror

#include "services/catalog/app_mirror.hpp"
#include "services/catalog/catalog_probe.hpp"
#include "services/catalog/image_book.hpp"
#include "services/json/json.hpp"
#include "services/storage/names.hpp"
#include "tests/support/adopted_place.hpp"
#include "tests/support/catalog_fixture.hpp"

#include <nlohmann/json.hpp>

using namespace darkroom;

namespace {

const attempt_stamp first{"7", 100, 1};
const attempt_stamp second{"7", 100, 2};

template <class Place>
struct app_fixture : catalog_fixture<Place> {
  /// One value of the web tier's tables, as text; "-" without a row.
  std::string value(const std::string& sql) {
    auto query = must(app.prepare(sql));
    return must(query.step()) ? std::string{query.text(0)} : "-";
  }

  void execute(const std::string& sql) {
    must(app.execute(sql));
  }

  database app = must(database::open(this->cfg, access::read_write, nullptr));
};

using sqlite_fixture = app_fixture<adopted_sqlite_place>;
using postgres_fixture = app_fixture<adopted_postgres_place>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(app_mirror_sqlite_tests, sqlite_fixture)

CAF_TEST(the image follows its parts and times are in its own unit) {
  auto row = R"(SELECT status || ' ' || coalesce(error, '') || ' ' ||
    updated_at || ' ' || coalesce(processed_at, 0) FROM "images")";
  now = 1800000000999;
  must(begin(first, image_part::metadata));
  CAF_CHECK_EQUAL(value(row), "processing  1800000001 0");
  must(db.fail_part(first, id, path, image_part::metadata, "broken", now));
  CAF_CHECK_EQUAL(value(row), "failed broken 1800000001 0");
  must(commit(metadata(second, "a bicycle")));
  must(db.commit(embedding(second, {0.6f, 0.8f}), 1800000005000, {}));
  CAF_CHECK_EQUAL(value(row), "completed  1800000005 1800000005");
}

CAF_TEST(metadata are replaced and keep the id of their row) {
  auto row = R"(SELECT id || ' ' || description || ' ' || tags || ' ' ||
    generated_at FROM "image_metadata")";
  must(commit(metadata(first, "a bicycle")));
  auto before = value(row);
  CAF_CHECK_EQUAL(before.substr(36), " a bicycle [\"bicycle\",\"red\"] 0");
  CAF_CHECK_EQUAL(before[14], '4'); // a UUID of version 4
  must(commit(metadata(second, "a red bicycle")));
  CAF_CHECK_EQUAL(value(row).substr(0, 36), before.substr(0, 36));
  CAF_CHECK(has(value(row), "a red bicycle"));
  CAF_CHECK_EQUAL(value(R"(SELECT count(*) || '' FROM "image_metadata")"), "1");
}

CAF_TEST(variants are six and those that are not made any more go) {
  auto count = R"(SELECT count(*) || ' ' || sum(file_size)
    FROM "image_variants")";
  execute(R"(INSERT INTO "image_variants" VALUES ('old', 'image-1', 'xl',
    'webp', 1, 1, 0, ')"
          + variant_folder(id) + R"(/xl.webp', 1),
    ('kept', 'image-1', 'own', 'png', 1, 1, 0, 'elsewhere/own.png', 1))");
  must(commit(variants(first, 100)));
  must(commit(variants(second, 200)));
  CAF_CHECK_EQUAL(value(count), "7 1200");
  CAF_CHECK_EQUAL(value(R"(SELECT id FROM "image_variants" WHERE id IN
    ('old', 'kept'))"),
                  "kept");
}

CAF_TEST(an image that was completed before stays so when variants are made) {
  execute(R"(UPDATE "images" SET status = 'completed')");
  must(begin(first, image_part::variants));
  must(commit(variants(first, 1)));
  CAF_CHECK_EQUAL(value(R"(SELECT status FROM "images")"), "completed");
  must(begin(first, image_part::metadata));
  CAF_CHECK_EQUAL(value(R"(SELECT status FROM "images")"), "processing");
}

CAF_TEST(an image that comes after its first job gets all in the end) {
  execute(R"(DELETE FROM "images")");
  must(commit(metadata(first, "a bicycle")));
  must(commit(variants(first, 1)));
  auto count = R"(SELECT (SELECT count(*) FROM "image_metadata") || ' ' ||
    (SELECT count(*) FROM "image_variants"))";
  CAF_CHECK_EQUAL(value(count), "0 0");
  execute(R"(INSERT INTO "images" (id, user_id, file_path, created_at,
    updated_at) VALUES ('image-1', 'u', 'cat.jpg', 1700000000000, 1))");
  must(db.commit(embedding(first, {0.6f, 0.8f}), 1800000005000, {}));
  CAF_CHECK_EQUAL(value(count), "1 6");
  CAF_CHECK_EQUAL(value(R"(SELECT status || processed_at FROM "images")"),
                  "completed1800000005000");
}

CAF_TEST(a result that is refused leaves the rows of the web tier alone) {
  must(commit(metadata(second, "newer")));
  CAF_CHECK(!commit(metadata(first, "older")));
  auto rows = variants(first, 1);
  rows.files.push_back({"a.tmp", "a"});
  CAF_CHECK(!db.commit(rows, 60, [](auto&) -> status {
    return fail(ec::storage_failed, "disk full");
  }));
  CAF_CHECK_EQUAL(value(R"(SELECT description FROM "image_metadata")"),
                  "newer");
  CAF_CHECK_EQUAL(value(R"(SELECT count(*) || '' FROM "image_variants")"), "0");
}

CAF_TEST(a deletion takes the rows of all three tables) {
  must(commit(metadata(first, "a bicycle")));
  must(commit(variants(first, 1)));
  auto book = must(image_book::open(cfg, "bull:q"));
  must(book.remove(id, 2000, variant_folder(id), [](const std::string& x) {
    return result<std::string>{x};
  }));
  CAF_CHECK_EQUAL(value(R"(SELECT count(*) || '' FROM "images")"), "0");
  CAF_CHECK_EQUAL(value(R"(SELECT count(*) || '' FROM "image_variants")"), "0");
}

CAF_TEST(an upload needs a row that Darkroom can fill) {
  upload_batch batch;
  new_image image;
  image.id = "upload-1";
  image.file_path = "originals/upload-1.jpg";
  batch.images.push_back(image);
  auto add = [&](image_book book) {
    return book.add(
      batch, 1800000000000, [](auto&) -> status { return ok; },
      [](auto&) { return kept_answer{}; });
  };
  auto why = refused(add(must(image_book::open(cfg, "bull:q"))));
  CAF_CHECK(why.code == ec::conflict);
  CAF_CHECK(has(why.context, "'user_id'"));
  execute(R"(ALTER TABLE "images" DROP COLUMN user_id)");
  must(add(must(image_book::open(cfg, "bull:q"))));
  CAF_CHECK_EQUAL(value(R"(SELECT file_path || status FROM "images"
    WHERE id = 'upload-1')"),
                  "originals/upload-1.jpgpending");
}

CAF_TEST(misfits are named with the SQL that helps) {
  execute(R"(ALTER TABLE "images" DROP COLUMN error;
    DROP TABLE "image_variants";
    ALTER TABLE "image_metadata" RENAME COLUMN mood TO feeling;
    ALTER TABLE "image_metadata" ADD COLUMN owner TEXT NOT NULL DEFAULT '')");
  auto all = must(probe_app_tables(cfg));
  CAF_REQUIRE_EQUAL(all.size(), 3u);
  CAF_CHECK_EQUAL(all[0].sql,
                  R"(ALTER TABLE "images" ADD COLUMN "error" TEXT)");
  CAF_CHECK_EQUAL(all[1].what, R"("image_metadata" has no column mood)");
  auto why = refused(catalog::open(cfg));
  CAF_CHECK(has(why.context, R"("image_variants" is missing)"));
  for (const auto& x : all)
    execute(x.sql);
  CAF_CHECK(must(probe_app_tables(cfg)).empty());
  must(catalog::open(cfg));
}

CAF_TEST(a database of somebody else is not taken for a catalog) {
  auto own = cfg;
  own.tables = "own";
  auto why = refused(catalog::open(own));
  CAF_CHECK(
    has(why.context, "has a table 'images' that Darkroom did not make"));
  CAF_CHECK(has(why.context, "[catalog] tables = \"adopt\""));
  CAF_CHECK(!try_catalog(own));
  own.prefix = "dr_";
  must(catalog::open(own));
  must(try_catalog(own));
  execute("PRAGMA user_version = 3");
  must(catalog::open(own));
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(app_mirror_postgres_tests, postgres_fixture)

CAF_TEST(values come in the types of the columns) {
  now = 1800000000999;
  must(begin(first, image_part::metadata));
  must(commit(metadata(first, "a bicycle")));
  must(commit(variants(first, 100)));
  must(commit(variants(second, 200)));
  must(db.commit(embedding(first, {0.6f, 0.8f}), 1800000005000, {}));
  CAF_CHECK_EQUAL(value(R"(SELECT status::text || ' ' || "updatedAt"::text ||
    ' ' || extract(epoch from "processedAt")::bigint FROM "Image")"),
                  "COMPLETED 2027-01-15 08:00:05 1800000005");
  CAF_CHECK_EQUAL(value(R"(SELECT (tags->>1) || ' ' || categories[1] || ' ' ||
    (objects->>0) || ' ' || (colors->'dominant'->>0) FROM "ImageMetadata")"),
                  "red street bicycle #ff0000");
  CAF_CHECK_EQUAL(value(R"(SELECT count(*) || ' ' || sum("fileSize") || ' ' ||
    max(id) || ' ' || min("createdAt") FROM "ImageVariant")"),
                  "6 1200 6 2027-01-15T08:00:01.002Z");
  must(db.fail_part(second, id, path, image_part::metadata, "gone", ++now));
  CAF_CHECK_EQUAL(value(R"(SELECT status::text || error FROM "Image")"),
                  "FAILEDgone");
}

CAF_TEST(our tables may have a schema of their own) {
  auto apart = cfg;
  apart.schema = "Dark room";
  auto other = must(catalog::open(apart));
  must(try_catalog(apart));
  must(other.commit(metadata(first, "apart"), 50, {}));
  CAF_CHECK_EQUAL(value(R"(SELECT description FROM "ImageMetadata")"), "apart");
  CAF_CHECK_EQUAL(value(R"(SELECT (to_regclass(
    '"Dark room".darkroom_images') IS NOT NULL)::text)"),
                  "true");
}

CAF_TEST(a column of another type is refused with a cast) {
  execute(R"(ALTER TABLE "ImageMetadata" ALTER COLUMN colors TYPE INTEGER
    USING 1; ALTER TYPE "ImageStatus" RENAME VALUE 'FAILED' TO 'BROKEN')");
  auto all = must(probe_app_tables(cfg));
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK_EQUAL(all[0].sql, "ALTER TYPE \"ImageStatus\" ADD VALUE 'FAILED'");
  for (const auto& x : all)
    execute(x.sql);
  CAF_CHECK(must(probe_app_tables(cfg)).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(ids that the web tier cannot have are left alone) {
  adopted_sqlite_place place;
  auto db = must(database::open(place.settings, access::read_write, nullptr));
  must(db.execute(R"(DROP TABLE "image_variants"; DROP TABLE "image_metadata";
    DROP TABLE "images"; CREATE TABLE "images" (id INTEGER PRIMARY KEY,
    filePath TEXT, status TEXT, error TEXT, updatedAt TEXT, processedAt TEXT))"));
  for (const auto& x : must(probe_app_tables(place.settings)))
    must(db.execute(x.sql));
  must(db.execute(R"(INSERT INTO "images" (id) VALUES (42))"));
  auto written = must(catalog::open(place.settings));
  for (const auto* id : {"42", "042", "cat", ""})
    must(written.begin_part(first, id, "a.jpg", image_part::metadata,
                            1800000000999));
  auto row = must(db.prepare(R"(SELECT status || updatedAt FROM "images")"));
  must(row.step());
  CAF_CHECK_EQUAL(row.text(0), "processing2027-01-15T08:00:00.999Z");
}
