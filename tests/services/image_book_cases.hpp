/// The suites image_book and image_book_postgres; who includes this says which
/// `fixture` it is.
#include "services/catalog/image_book.hpp"

using namespace darkroom;

namespace {

constexpr int64_t day = 24 * 3600 * 1000;

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

CAF_TEST(a deletion takes all rows and the jobs that wait to be added) {
  must(upload(batch("a", "11")));
  must(db.commit(
    [this] {
      auto rows = variants({"7", 900, 1}, 5);
      rows.image_id = "a";
      return rows;
    }(),
    1001, {}));
  auto gone = must(remove("a", 2000));
  CAF_CHECK(gone.was_there);
  CAF_CHECK_EQUAL(gone.files.free, names({path, "originals/a.jpg"}));
  CAF_CHECK(reader.image("a").error().code == ec::not_found);
  CAF_CHECK_EQUAL(waiting(), 0u);
  auto again = must(remove("a", 3000));
  CAF_CHECK(!again.was_there);
  CAF_CHECK_EQUAL(again.files.free, names({path, "originals/a.jpg"}));
  CAF_CHECK(remove("b", 3000).error().code == ec::not_found);
  CAF_CHECK(!must(upload(batch("b", "11"))).known.at(0)); // bytes are new again
}

CAF_TEST(an original stays until the last image that has it is deleted) {
  must(db.ensure_image("a", path, 1));
  must(db.ensure_image("b", path, 1));
  CAF_CHECK_EQUAL(freed_by("a"), names({}));
  CAF_CHECK_EQUAL(freed_by("b"), names({path}));
}

CAF_TEST(an original stays however another image spells it) {
  links["link.jpg"] = links["folder/a.jpg"] = "originals/a.jpg";
  must(upload(batch("a", "11")));
  for (std::string other : {"./originals/a.jpg", "originals//a.jpg", "link.jpg",
                            "folder/a.jpg", "originals/./a.jpg"}) {
    must(db.begin_part({"7", 2000, 1}, other, other, image_part::metadata, 1));
    CAF_CHECK_EQUAL(freed_by(other), names({}));
    // The other way round: the plain name goes first.
    must(db.ensure_image("plain", "originals/a.jpg", 1));
    must(db.begin_part({"8", 9000, 1}, other, other, image_part::metadata, 1));
    CAF_CHECK_EQUAL(freed_by("plain"), names({}));
    must(remove(other, 9000));
    must(db.ensure_image(other, "b.jpg", 1));
  }
  CAF_CHECK_EQUAL(freed_by("a"), names({"originals/a.jpg"}));
}

CAF_TEST(a link is followed anew once a job of its image has run) {
  must(db.begin_part({"7", 1, 1}, "a", "link.jpg", image_part::metadata, 1));
  must(db.ensure_image("b", "b.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("b"), names({"b.jpg"}));
  links["link.jpg"] = "c.jpg";
  must(db.begin_part({"7", 1, 2}, "a", "link.jpg", image_part::metadata, 1));
  must(db.ensure_image("c", "c.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("c"), names({}));
}

CAF_TEST(where nobody can tell whose a file is nothing is deleted) {
  must(db.ensure_image("a", "a.jpg", 1));
  must(db.ensure_image("b", "b.jpg", 1));
  broken = "a.jpg";
  CAF_CHECK(!remove("a"));
  CAF_CHECK_EQUAL(total(), 2);
  CAF_CHECK_EQUAL(freed_by("b"), names({"b.jpg"}));
  broken.clear();
  CAF_CHECK_EQUAL(freed_by("a"), names({"a.jpg"}));
}

CAF_TEST(a path that leads outside is no file that may go) {
  must(db.ensure_image("a", "../a.jpg", 1));
  must(db.ensure_image("b", "../a.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("a"), names({}));
  CAF_CHECK_EQUAL(freed_by("b"), names({}));
}

CAF_TEST(a variant that is the original of another image is kept) {
  must(db.ensure_image("a", "a.jpg", 1));
  must(db.ensure_image("b", "./variants/a/lg.webp", 1));
  must(db.ensure_image("c", "variants/aa/lg.webp", 1));
  auto gone = must(remove("a"));
  CAF_CHECK_EQUAL(gone.files.kept, names({"variants/a/lg.webp"}));
  CAF_CHECK_EQUAL(gone.files.free, names({"a.jpg"}));
}

CAF_TEST(an upload goes with its image whatever file the image has by now) {
  must(upload(batch("a", "11")));
  must(db.begin_part({"7", 1001, 1}, "a", "green.jpg", image_part::metadata,
                     1002));
  auto again = must(upload(batch("b", "11")));
  CAF_CHECK(!again.known.at(0)); // no image has these bytes any more
  must(db.ensure_image("c", "./originals/b.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("b"), names({}));
  CAF_CHECK_EQUAL(freed_by("a"), names({"green.jpg", "originals/a.jpg"}));
  CAF_CHECK_EQUAL(freed_by("a"), names({"green.jpg", "originals/a.jpg"}));
}

CAF_TEST(an upload that another image uses stays when its own image goes) {
  must(upload(batch("a", "11")));
  must(db.begin_part({"7", 1001, 1}, "a", "green.jpg", image_part::metadata,
                     1002));
  must(db.ensure_image("b", "originals/a.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("b"), names({}));
  must(db.ensure_image("c", "./originals/a.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("a"), names({"green.jpg"}));
  CAF_CHECK_EQUAL(freed_by("c"), names({"originals/a.jpg"}));
}

CAF_TEST(no job that was added before a deletion makes the image again) {
  must(begin({"7", 1000, 1}, image_part::metadata));
  must(remove(id, 2000));
  auto refuses = [](const status& done) {
    return !done && done.error().code == ec::superseded;
  };
  CAF_CHECK(refuses(begin({"7", 2000, 9}, image_part::metadata)));
  CAF_CHECK(refuses(commit(metadata({"7", 1000, 1}, "a bicycle"))));
  CAF_CHECK(refuses(commit(variants({"8", 1999, 1}, 5))));
  CAF_CHECK(refuses(
    db.fail_part({"7", 1000, 1}, id, path, image_part::metadata, "why", 2001)));
  // The next of an older job's chain is as young as that job's end.
  CAF_CHECK(refuses(commit(embedding({"9", 2001, 1}, {0.6f, 0.8f}))));
  CAF_CHECK_EQUAL(total(), 0);
}

CAF_TEST(a job of a producer whose clock is ahead is older nevertheless) {
  must(begin({"7", 9000, 1}, image_part::metadata));
  must(remove(id, 2000));
  CAF_CHECK(!commit(metadata({"7", 9000, 1}, "a bicycle")));
  CAF_CHECK(commit(metadata({"8", 9001, 1}, "a boat")));
}

CAF_TEST(a job that was added after a deletion makes the image again) {
  must(begin({"7", 1000, 1}, image_part::metadata));
  must(remove(id, 2000));
  must(commit(metadata({"8", 2001, 1}, "a boat")));
  CAF_CHECK_EQUAL(description(), "a boat");
  must(commit(embedding({"9", 2002, 1}, {0.6f, 0.8f})));
  CAF_CHECK(!commit(variants({"7", 2000, 1}, 5)));
  must(remove(id, 3000));
  CAF_CHECK(!commit(embedding({"10", 3001, 1}, {0.6f, 0.8f})));
}

CAF_TEST_FIXTURE_SCOPE_END()
