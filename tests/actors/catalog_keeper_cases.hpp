/// The suites catalog_keeper and catalog_keeper_postgres; who includes this
/// says which `place` it is.
#include "actors/catalog_keeper.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <filesystem>

using namespace darkroom;
namespace fs = std::filesystem;

namespace {

struct fixture {
  place where;
  scratch_folder folder;
  catalog_settings database = where.settings;
  storage_settings uploads;
  metrics_ptr counted = std::make_shared<metrics>();
  live_system live;
  catalog_actor keeper; // goes before its system

  fixture() {
    uploads.uploads = folder.file("uploads");
    fs::create_directories(uploads.uploads);
    start();
  }

  void start() {
    keeper = live.ends(live.sys.spawn<caf::detached>(catalog_keeper, database,
                                                     uploads, counted));
  }

  static attempt_stamp stamp(uint32_t attempt) {
    return {"7", 1000, attempt};
  }

  static image_commit rows(uint32_t attempt, const std::string& text) {
    image_commit x{
      stamp(attempt), "cat", "cat.jpg", image_part::metadata, {}, {}, {}, {}};
    image_metadata found;
    found.description = text;
    found.colors = "{}";
    found.composition = "{}";
    found.model = "local-opencv-1";
    x.metadata.push_back(found);
    return x;
  }

  /// Rows with a file that was staged for them.
  image_commit with_file(uint32_t attempt, const std::string& bytes) {
    auto storage = must(local_storage::open(uploads.uploads));
    auto x = rows(attempt, bytes);
    auto name = variant_name("cat", "sm", "webp");
    x.files.push_back(must(storage.stage(name, stamp(attempt), bytes)));
    return x;
  }

  /// Whether the answer is an error: nothing is decided, ask again.
  bool is_away(const image_commit& x) {
    auto is_error = false;
    live.self->request(keeper, patience, x)
      .receive([](const commit_result&) {},
               [&](caf::error&) { is_error = true; });
    return is_error;
  }

  bool is_away(const part_note& x) {
    auto is_error = false;
    live.self->request(keeper, patience, x)
      .receive([] {}, [&](caf::error&) { is_error = true; });
    return is_error;
  }

  commit_result commit(const image_commit& x) {
    return live.ask<commit_result>(keeper, x);
  }

  /// Returns once the note is written: a commit for another image follows it.
  void note(uint32_t attempt, const std::string& error) {
    live.self->send(keeper, part_note{stamp(attempt), "cat", "cat.jpg",
                                      image_part::metadata, error});
    auto other = rows(1, "other");
    other.stamp.job_id = "other";
    other.image_id = "other";
    CAF_CHECK(commit(other).status == commit_status::stored);
  }

  image_record image() {
    return must(must(catalog_reader::open(database)).image("cat"));
  }

  std::string description() {
    auto found = image();
    return found.metadata ? found.metadata->description : "";
  }

  std::string final_path() {
    return uploads.uploads + "/" + variant_name("cat", "sm", "webp");
  }

  std::string stored() {
    return test::read_file(final_path());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(catalog_keeper_tests, fixture)

CAF_TEST(rows are stored once their part has begun or not ) {
  CAF_CHECK(commit(rows(1, "a cat")).status == commit_status::stored);
  CAF_CHECK_EQUAL(description(), "a cat");
}

CAF_TEST(the same commit again is stored again) {
  CAF_CHECK(commit(rows(1, "a cat")).status == commit_status::stored);
  CAF_CHECK(commit(rows(1, "a cat")).status == commit_status::stored);
  CAF_CHECK_EQUAL(description(), "a cat");
}

CAF_TEST(an older attempt is fenced and a newer one is not ) {
  CAF_CHECK(commit(rows(2, "second")).status == commit_status::stored);
  auto old = commit(rows(1, "first"));
  CAF_CHECK(old.status == commit_status::fenced);
  CAF_CHECK(!old.reason.empty());
  CAF_CHECK_EQUAL(description(), "second");
  CAF_CHECK(commit(rows(3, "third")).status == commit_status::stored);
  CAF_CHECK_EQUAL(description(), "third");
}

CAF_TEST(staged files get their names with the rows) {
  CAF_CHECK(commit(with_file(1, "one")).status == commit_status::stored);
  CAF_CHECK_EQUAL(stored(), "one");
}

CAF_TEST(files of a fenced attempt are discarded) {
  CAF_CHECK(commit(with_file(2, "two")).status == commit_status::stored);
  auto old = with_file(1, "one");
  auto staged = uploads.uploads + "/" + old.files[0].staged;
  CAF_CHECK(fs::exists(staged));
  CAF_CHECK(commit(old).status == commit_status::fenced);
  CAF_CHECK(!fs::exists(staged));
  CAF_CHECK_EQUAL(stored(), "two");
}

CAF_TEST(files of a superseded job are discarded) {
  auto newer = with_file(1, "newer");
  newer.stamp.job_id = "8";
  CAF_CHECK(commit(newer).status == commit_status::stored);
  auto old = with_file(9, "old");
  auto staged = uploads.uploads + "/" + old.files[0].staged;
  CAF_CHECK(fs::exists(staged));
  auto late = commit(old);
  CAF_CHECK(late.status == commit_status::superseded);
  CAF_CHECK(!late.reason.empty());
  CAF_CHECK(!fs::exists(staged));
  CAF_CHECK_EQUAL(stored(), "newer");
}

CAF_TEST(variants of the same bytes are found and their reuse is counted) {
  result_query query{std::string(64, 'b'), std::string(64, 'a'), 0, 9};
  CAF_CHECK(live.ask<known_result>(keeper, query).marks.empty());
  auto x = with_file(1, "one");
  x.part = image_part::variants;
  x.metadata.clear();
  x.variants.push_back({"sm", "webp", 4, 3, 3, x.files[0].final_name});
  x.marks.push_back({query.content_hash, query.recipe_hash, 3, "L0", "#102030",
                     "00112233445566ff"});
  CAF_CHECK(commit(x).status == commit_status::stored);
  auto found = live.ask<known_result>(keeper, query);
  CAF_REQUIRE_EQUAL(found.variants.size(), 1u);
  CAF_CHECK_EQUAL(found.variants[0].file_path, x.files[0].final_name);
  auto count = [this] {
    return has(counted->text(), "darkroom_variants_reused_total 1");
  };
  CAF_CHECK(!count());
  x.image_id = "dog";
  x.files.clear();
  x.is_reused = true;
  CAF_CHECK(commit(x).status == commit_status::stored);
  CAF_CHECK(count());
}

CAF_TEST(rows are not stored where a file is missing) {
  auto x = with_file(1, "one");
  fs::remove(uploads.uploads + "/" + x.files[0].staged);
  auto out = commit(x);
  CAF_CHECK(out.status == commit_status::failed);
  CAF_CHECK(!out.reason.empty());
  CAF_CHECK(!fs::exists(final_path()));
}

CAF_TEST(a part begins and may fail for good) {
  note(1, "");
  CAF_CHECK_EQUAL(image().status, "processing");
  note(1, "no picture");
  CAF_CHECK_EQUAL(image().status, "failed");
}

CAF_TEST(a note of an older attempt changes nothing) {
  CAF_CHECK(commit(rows(2, "second")).status == commit_status::stored);
  auto before = image().status;
  note(1, "late");
  CAF_CHECK_EQUAL(image().status, before);
}

CAF_TEST(a restarted keeper goes on with the same catalog) {
  CAF_CHECK(commit(rows(2, "second")).status == commit_status::stored);
  live.end_all();
  start();
  CAF_CHECK(commit(rows(1, "first")).status == commit_status::fenced);
  CAF_CHECK_EQUAL(description(), "second");
}

CAF_TEST_FIXTURE_SCOPE_END()
