/// The suites database and database_postgres: several connections, versions of
/// the tables. Who includes this says which `place` it is.
#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/schema.hpp"
#include "tests/support/catalog_fixture.hpp"
#include "tests/support/must.hpp"

#include <thread>

using namespace darkroom;

namespace {

struct fixture {
  place where;
  catalog_settings cfg = where.settings;

  /// A connection that leaves the tables alone.
  database raw() {
    return must(database::open(cfg, access::read_write, nullptr));
  }

  int64_t count(database& db, const char* table) {
    auto query = must(db.prepare("SELECT count(*) FROM " + std::string{table}));
    must(query.step());
    return query.integer(0);
  }
};

const std::string rows_of_version_2
  = "INSERT INTO images (id, file_path, status, created_at, updated_at, "
    "original_name) VALUES "
    "('kept', 'originals/kept.png', 'pending', 1, 1, 'a.png'), "
    "('moved', 'green.png', 'pending', 2, 2, 'b.png'), "
    "('a_job', 'originals/axjob.png', 'pending', 3, 3, NULL);"
    "INSERT INTO image_bytes VALUES ('11', 'kept'), ('22', 'moved');"
    "INSERT INTO job_outbox VALUES "
    "('kept-metadata', 'kept', 'generate-metadata', '{}', 1);"
    "INSERT INTO upload_keys VALUES ('key', '11', 201, '{}', 1);"
    "INSERT INTO deleted_images VALUES ('gone', 'originals/gone.png', 4, 0)";

/// What went wrong; empty if nothing did.
template <class T>
std::string sentence(const result<T>& x) {
  return x ? "" : x.error().context;
}

/// Runs `work(0)` to `work(count - 1)` at once. It must not CAF_CHECK.
template <class Work>
void at_once(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([i, &work] { work(i); });
  for (auto& x : threads)
    x.join();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(database_tests, fixture)

CAF_TEST(tables are made once) {
  must(catalog::open(cfg));
  must(catalog::open(cfg));
  must(catalog_reader::open(cfg));
  auto db = raw();
  CAF_CHECK_EQUAL(must(stored_version(db)), schema_version());
}

CAF_TEST(processes that start at once make the tables once) {
  std::vector<std::string> failures(8);
  at_once(8, [&](int i) { failures[i] = sentence(catalog::open(cfg)); });
  for (auto& x : failures)
    CAF_CHECK_EQUAL(x, "");
  auto db = raw();
  CAF_CHECK_EQUAL(must(stored_version(db)), schema_version());
}

CAF_TEST(a reader of a database without tables says what to do) {
  auto db = raw();
  CAF_CHECK_EQUAL(must(stored_version(db)), 0);
  auto why = refused(catalog_reader::open(cfg));
  CAF_CHECK(has(why.context, "start the main node once"));
}

CAF_TEST(the parts of before their names were free are kept) {
  {
    auto old = raw();
    const auto& dialect = must(old.connected())->dialect();
    must(old.execute(dialect.prepare));
    for (size_t i = 0; i < 2; ++i) {
      must(old.execute(std::string{dialect.migration(i)}));
      must(old.execute(dialect.write(static_cast<int64_t>(i) + 1)));
    }
    must(old.execute(
      "INSERT INTO images (id, file_path, status, created_at, updated_at) "
      "VALUES ('cat', 'cat.jpg', 'failed', 1, 2);"
      "INSERT INTO image_parts VALUES "
      "('cat', 'variants', 'failed', 'no', '7', 3, 4, 5);"
      "INSERT INTO image_parts VALUES "
      "('cat', 'metadata', 'completed', NULL, '8', 3, 4, 5)"));
    refused(old.execute("UPDATE image_parts SET part = 'new'"));
  }
  auto db = must(catalog::open(cfg));
  auto parts = must(must(catalog_reader::open(cfg)).image("cat")).parts;
  CAF_REQUIRE_EQUAL(parts.size(), 2u);
  CAF_CHECK(parts[0].part == image_part::metadata);
  CAF_CHECK_EQUAL(parts[1].error, "no");
  CAF_CHECK_EQUAL(parts[1].stamp.job_id, "7");
  CAF_CHECK_EQUAL(parts[1].stamp.job_timestamp, 3);
  CAF_CHECK_EQUAL(parts[1].stamp.attempt, 4u);
  CAF_CHECK_EQUAL(parts[1].updated_at, 5);
  must(db.begin_part({"9", 9, 1}, "cat", "", image_part::variants, 9));
  auto now = raw();
  CAF_CHECK_EQUAL(must(stored_version(now)), schema_version());
  must(now.execute("UPDATE image_parts SET part = 'new' "
                   "WHERE part = 'metadata'"));
  must(now.execute("DELETE FROM images")); // and of each image its parts
  CAF_CHECK_EQUAL(count(now, "image_parts"), 0);
}

CAF_TEST(tables of a newer Darkroom are refused) {
  must(catalog::open(cfg));
  {
    auto db = raw();
    auto on = must(db.connected());
    must(db.execute(on->dialect().write(99)));
  }
  CAF_CHECK(has(sentence(catalog::open(cfg)), "schema version 99"));
  CAF_CHECK(has(sentence(catalog_reader::open(cfg)), "schema version 99"));
}

CAF_TEST(rows of version 2 are kept by the next one) {
  {
    auto db = raw();
    auto on = must(db.connected());
    auto step = must(transaction::begin(db));
    must(db.execute(on->dialect().prepare));
    for (auto i : {0, 1})
      must(db.execute(std::string{on->dialect().migration(i)}));
    must(db.execute(on->dialect().write(2)));
    must(db.execute(rows_of_version_2));
    must(step.commit());
  }
  must(catalog::open(cfg));
  auto db = raw();
  CAF_CHECK_EQUAL(must(stored_version(db)), schema_version());
  CAF_CHECK_EQUAL(count(db, "images WHERE upload_path = file_path"), 1);
  CAF_CHECK_EQUAL(count(db, "images WHERE id = 'kept' AND upload_path = "
                            "'originals/kept.png'"),
                  1);
  CAF_CHECK_EQUAL(count(db, "images WHERE real_path IS NULL"), 3);
  // Whose file is another by now has these bytes no longer.
  CAF_CHECK_EQUAL(count(db, "image_bytes"), 1);
  CAF_CHECK_EQUAL(count(db, "image_bytes WHERE image_id = 'kept'"), 1);
  CAF_CHECK_EQUAL(count(db, "job_outbox WHERE queue = ''"), 1);
  CAF_CHECK_EQUAL(count(db, "upload_keys"), 1);
  CAF_CHECK_EQUAL(count(db, "deleted_images WHERE upload_path IS NULL"), 1);
}

CAF_TEST(descriptions and vectors of version 5 are searched by the next one) {
  {
    auto db = raw();
    auto on = must(db.connected());
    must(db.execute(on->dialect().prepare));
    for (size_t i = 0; i < 5; ++i)
      must(db.execute(std::string{on->dialect().migration(i)}));
    must(db.execute(on->dialect().write(5)));
    must(db.execute(
      "INSERT INTO images (id, file_path, status, created_at, updated_at) "
      "VALUES ('dog', 'dog.jpg', 'completed', 1, 2);"
      "INSERT INTO image_metadata (image_id, description, "
      "detailed_description, tags, categories, objects, colors, mood, style, "
      "composition, searchable_text, generated_at, model) VALUES ('dog', "
      "'A dog', '', '[\"Brown Dog\"]', '[]', '[]', '{}', 'dark, \"cozy\"', "
      "'', '{}', 'it runs', 1, 'm')"));
    for (const auto* model : {"local-ngram-1", "of-a-provider"}) {
      must(must(db.prepare("INSERT INTO images (id, file_path, status, "
                           "created_at, updated_at) VALUES ($1, '', "
                           "'completed', 1, 2) ON CONFLICT DO NOTHING"))
             .bind(std::string_view{model})
             .run());
      auto insert = must(db.prepare(
        "INSERT INTO embeddings (id, name, slug, searchable_text, metadata, "
        "model, dimensions, vector, created_at) "
        "VALUES ($1, 'n', 's', 'it runs', '{}', $2, 2, $3, 1)"));
      auto id = model[0] == 'l' ? "dog" : model;
      must(insert.bind(id, model, std::vector<float>{1, 0}).run());
    }
  }
  must(catalog::open(cfg));
  auto reader = must(catalog_reader::open(cfg));
  CAF_CHECK(
    (must(reader.state()).space == vector_space{"local", "local-ngram-1", 2}));
  auto dog = must(reader.image("dog")).embedding;
  CAF_REQUIRE(dog);
  CAF_CHECK(dog->is_searched && !dog->is_stale && dog->text_hash.empty());
  auto other = must(reader.image("of-a-provider")).embedding;
  CAF_REQUIRE(other);
  CAF_CHECK(!other->is_searched && other->space.host.empty());
  image_filter filter;
  filter.tag = "brown dog";
  filter.mood = "\"COZY\"";
  filter.words = "\"running\"";
  CAF_CHECK_EQUAL(must(reader.best_by_words(filter, 9)).size(), 1u);
  auto db = raw();
  must(db.execute("DELETE FROM images"));
  CAF_CHECK_EQUAL(count(db, "image_words"), 0);
  CAF_CHECK(must(reader.best_by_words(filter, 9)).empty());
}

CAF_TEST(a transaction that is not committed leaves nothing) {
  auto db = raw();
  must(db.execute("CREATE TABLE t (x TEXT)"));
  {
    auto step = must(transaction::begin(db));
    must(db.execute("INSERT INTO t VALUES ('x')"));
  }
  CAF_CHECK_EQUAL(count(db, "t"), 0);
  auto step = must(transaction::begin(db));
  must(db.execute("INSERT INTO t VALUES ('x')"));
  must(step.commit());
  CAF_CHECK_EQUAL(count(db, "t"), 1);
}

CAF_TEST(a statement that is refused says why and the next one works) {
  auto db = raw();
  CAF_CHECK(refused(db.execute("SELEKT 1")).code == ec::catalog_failed);
  CAF_CHECK(refused(db.prepare("SELEKT 1")).code == ec::catalog_failed);
  must(db.execute("CREATE TABLE t (x TEXT UNIQUE)"));
  auto insert = must(db.prepare("INSERT INTO t VALUES ($1)"));
  must(insert.bind("x").run());
  auto again = must(db.prepare("INSERT INTO t VALUES ($1)"));
  CAF_CHECK(refused(again.bind("x").run()).code == ec::catalog_failed);
  CAF_CHECK_EQUAL(count(db, "t"), 1);
}

CAF_TEST(two connections write in turn and a reader sees both) {
  auto one = must(catalog::open(cfg));
  auto two = must(catalog::open(cfg));
  auto reader = must(catalog_reader::open(cfg));
  must(one.begin_part({"1", 1, 1}, "a", "a.jpg", image_part::metadata, 1));
  must(two.begin_part({"2", 1, 1}, "b", "b.jpg", image_part::metadata, 2));
  CAF_CHECK_EQUAL(must(reader.list_images(10, 0)).total, 2);
  CAF_CHECK(
    !two.begin_part({"1", 1, 0}, "a", "a.jpg", image_part::metadata, 3));
}

CAF_TEST(writers of one image at once leave what one after the other would) {
  constexpr int images = 12, attempts = 4;
  must(catalog::open(cfg));
  using cases = catalog_fixture<place>;
  std::vector<std::string> failures(6);
  // Two main nodes for each part, of which each commits every attempt.
  at_once(6, [&](int who) {
    auto db = catalog::open(cfg);
    if (!db) {
      failures[who] = db.error().context;
      return;
    }
    for (int i = 0; i < images * attempts; ++i) {
      attempt_stamp stamp{"7", 100, static_cast<uint32_t>(i % attempts + 1)};
      auto rows
        = who % 3 == 0
            ? cases::metadata(stamp, "attempt " + std::to_string(stamp.attempt))
          : who % 3 == 1 ? cases::variants(stamp, stamp.attempt)
                         : cases::embedding(stamp, {1, 0});
      rows.image_id = "image-" + std::to_string(i / attempts);
      auto done = db->commit(rows, 1, {});
      if (!done && done.error().code != ec::fenced)
        failures[who] = done.error().context;
    }
  });
  for (auto& x : failures)
    CAF_CHECK_EQUAL(x, "");
  auto page = must(must(catalog_reader::open(cfg)).list_images(100, 0));
  CAF_CHECK_EQUAL(page.total, images);
  for (auto& x : page.images) {
    CAF_CHECK_EQUAL(x.status, "completed");
    CAF_CHECK_EQUAL(x.parts.size(), 3u);
    for (auto& part : x.parts)
      CAF_CHECK_EQUAL(part.stamp.attempt, unsigned{attempts});
    CAF_REQUIRE(x.metadata);
    CAF_CHECK_EQUAL(x.metadata->description,
                    "attempt " + std::to_string(attempts));
    CAF_CHECK_EQUAL(x.variants.size(), 6u);
    for (auto& variant : x.variants)
      CAF_CHECK_EQUAL(variant.variant.file_size, uint64_t{attempts});
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
