/// Uploads: the suites image_book and image_book_postgres; who includes this
/// says which `fixture` it is.
#include "services/catalog/image_book.hpp"

using namespace darkroom;

namespace {

constexpr int64_t day = 86400000;

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_book_tests, fixture)

CAF_TEST(an upload leaves its image and the jobs that Redis is to get) {
  auto out = must(upload(batch("a", "11")));
  CAF_CHECK(!out.known.at(0));
  auto image = must(reader.image("a"));
  CAF_CHECK_EQUAL(image.status, "pending");
  CAF_CHECK_EQUAL(image.original_name, "cat.jpg");
  CAF_CHECK_EQUAL(waiting(999), 0u);
  auto jobs = jobs_of(book, 1000);
  CAF_REQUIRE_EQUAL(jobs.size(), 1u);
  CAF_CHECK_EQUAL(jobs[0].id, "a-metadata");
  CAF_CHECK_EQUAL(jobs[0].name, "generate-metadata");
  must(book.added(jobs));
  CAF_CHECK_EQUAL(waiting(), 0u);
}

CAF_TEST(neither row nor job stays where the file got no name) {
  publishing = fail(ec::storage_failed, "disk full");
  CAF_CHECK(!upload(batch("a", "11", "key")));
  CAF_CHECK_EQUAL(total(), 0);
  CAF_CHECK_EQUAL(waiting(), 0u);
  publishing = ok;
  CAF_CHECK(!must(upload(batch("b", "11", "key"))).is_replay);
}

CAF_TEST(a job that a worker began is not added a second time) {
  must(upload(batch("a", "11")));
  must(db.begin_part({"a-metadata", 1001, 1}, "a", "a.jpg",
                     image_part::metadata, 1002));
  CAF_CHECK_EQUAL(waiting(), 0u);
}

CAF_TEST(bytes that are known get the image that has them) {
  must(upload(batch("a", "11")));
  auto again = must(upload(batch("b", "11")));
  CAF_REQUIRE(again.known.at(0));
  CAF_CHECK_EQUAL(again.known[0]->id, "a");
  CAF_CHECK_EQUAL(again.known[0]->status, "pending");
  CAF_CHECK_EQUAL(total(), 1);
  CAF_CHECK_EQUAL(waiting(), 1u);
  auto copy = batch("c", "11");
  copy.images[0].may_repeat = true;
  CAF_CHECK(!must(upload(copy)).known.at(0));
  CAF_CHECK_EQUAL(total(), 2);
  auto last = must(upload(batch("d", "11")));
  CAF_REQUIRE(last.known.at(0));
  CAF_CHECK_EQUAL(last.known[0]->id, "a");
}

CAF_TEST(equal pictures of one request are one image) {
  auto both = batch("a", "11");
  both.images.push_back(picture("b", "11"));
  auto out = must(upload(both));
  CAF_CHECK(!out.known.at(0));
  CAF_REQUIRE(out.known.at(1));
  CAF_CHECK_EQUAL(out.known[1]->id, "a");
  CAF_CHECK_EQUAL(total(), 1);
}

CAF_TEST(a key gives the first answer for a day) {
  must(upload(batch("a", "11", "key"), 1000));
  auto again = must(upload(batch("b", "11", "key"), 1000 + day - 1));
  CAF_CHECK(again.is_replay);
  CAF_CHECK(!again.is_other_body);
  CAF_CHECK_EQUAL(again.answer.status, 202);
  CAF_CHECK_EQUAL(again.answer.body, "a");
  must(book.added({}, "key", {201, "a is added"}));
  auto third = must(upload(batch("b", "11", "key")));
  CAF_CHECK_EQUAL(third.answer.body, "a is added");
  auto later = must(upload(batch("b", "22", "key"), 1000 + day));
  CAF_CHECK(!later.is_replay);
  CAF_CHECK_EQUAL(total(), 2);
}

CAF_TEST(a key is forgotten with any of its images) {
  auto both = batch("a", "33", "key");
  both.images.push_back(picture("b", "22"));
  must(upload(both));
  must(upload(batch("a2", "33", "other")));
  must(upload(batch("c", "44", "third")));
  must(remove("b"));
  CAF_CHECK(!must(upload(batch("a3", "33", "key"))).is_replay);
  CAF_CHECK(must(upload(batch("a3", "33", "key"))).is_replay);
  CAF_CHECK(must(upload(batch("a2", "33", "other"))).is_replay);
  must(remove("a")); // a duplicate's answer names it, too
  CAF_CHECK(!must(upload(batch("d", "33", "other"))).is_replay);
  CAF_CHECK(must(upload(batch("e", "44", "third"))).is_replay);
}

CAF_TEST(a key whose image is gone is void) {
  must(upload(batch("a", "11", "key")));
  auto raw = must(database::open(cfg, access::read_write, nullptr));
  must(raw.execute("DELETE FROM images"));
  CAF_CHECK(!must(upload(batch("b", "11", "key"))).is_replay);
  CAF_CHECK_EQUAL(total(), 1);
}

CAF_TEST(jobs are added to the queue of their upload alone) {
  must(upload(batch("a", "11")));
  auto other = must(image_book::open(cfg, "bull:b:"));
  CAF_CHECK_EQUAL(jobs_of(other).size(), 0u);
  CAF_CHECK_EQUAL(waiting(), 1u);
  auto raw = must(database::open(cfg, access::read_write, nullptr));
  must(raw.execute("UPDATE job_outbox SET queue = ''")); // of an older version
  CAF_CHECK_EQUAL(jobs_of(other).size(), 1u);
}

CAF_TEST(jobs of an upload are as old as its image) {
  CAF_CHECK_EQUAL(must(upload(batch("a", "11"), 1000)).created_at, 1000);
  must(upload(batch("b", "22"), 1500));
  auto groups = must(book.outbox(9000, 100));
  CAF_REQUIRE_EQUAL(groups.size(), 2u);
  CAF_CHECK_EQUAL(groups[0].created_at, 1000);
  CAF_CHECK_EQUAL(groups[0].jobs.at(0).id, "a-metadata");
  CAF_CHECK_EQUAL(groups[1].created_at, 1500);
}

CAF_TEST(jobs of an image that was deleted meanwhile are not added) {
  auto uploads = batch("a", "11");
  uploads.images.push_back(picture("b", "22"));
  must(upload(uploads));
  std::vector<new_job> jobs;
  for (const auto& x : uploads.images)
    jobs.insert(jobs.end(), x.jobs.begin(), x.jobs.end());
  CAF_CHECK_EQUAL(must(book.still_waiting(jobs)).size(), 2u);
  must(remove("a"));
  auto left = must(book.still_waiting(jobs));
  CAF_REQUIRE_EQUAL(left.size(), 1u);
  CAF_CHECK_EQUAL(left[0].id, "b-metadata");
}

CAF_TEST(a deletion by a clock that is behind holds jobs back as well) {
  auto at = must(upload(batch("a", "11"), 5000)).created_at;
  must(remove("a", 4000));
  CAF_CHECK(!db.begin_part({"a-metadata", at, 1}, "a", "a.jpg",
                           image_part::metadata, 5001));
  CAF_CHECK_EQUAL(total(), 0);
}

CAF_TEST(files of an upload that died before its row was written are swept) {
  names swept;
  auto sweep = [&](int64_t until) {
    swept.clear();
    return book.sweep_files(until, [&](const std::string& x) {
      swept.push_back(x);
      return publishing;
    });
  };
  must(upload(batch("a", "11"), 1000));
  publishing = fail(ec::storage_failed, "the machine dies");
  CAF_CHECK(!upload(batch("b", "22"), 2000));
  must(sweep(1999));
  CAF_CHECK_EQUAL(swept, names({}));
  CAF_CHECK(!sweep(2000)); // what cannot be removed is tried again
  publishing = ok;
  must(sweep(2000));
  CAF_CHECK_EQUAL(swept, names({"originals/b.jpg"}));
  must(sweep(9000));
  CAF_CHECK_EQUAL(swept, names({}));
}

CAF_TEST(a key with other bytes is told and nothing is written) {
  must(upload(batch("a", "11", "key")));
  auto other = must(upload(batch("b", "22", "key")));
  CAF_CHECK(other.is_replay);
  CAF_CHECK(other.is_other_body);
  CAF_CHECK_EQUAL(total(), 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
