/// Deletions: the suites image_deletion and image_deletion_postgres; who
/// includes this says which `fixture` it is.
#include "services/catalog/image_book.hpp"

using namespace darkroom;

namespace {

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_deletion_tests, fixture)

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
  auto green = metadata({"7", 1001, 1}, "green");
  green.image_id = "a";
  green.file_path = "green.jpg";
  must(db.commit(green, 1002, {}));
  auto again = must(upload(batch("b", "11")));
  CAF_CHECK(!again.known.at(0)); // no image has these bytes any more
  must(db.ensure_image("c", "./originals/b.jpg", 1));
  CAF_CHECK_EQUAL(freed_by("b"), names({}));
  CAF_CHECK_EQUAL(freed_by("a"), names({"green.jpg", "originals/a.jpg"}));
  CAF_CHECK_EQUAL(freed_by("a"), names({"green.jpg", "originals/a.jpg"}));
}

CAF_TEST(an upload that another image uses stays when its own image goes) {
  must(upload(batch("a", "11")));
  auto green = metadata({"7", 1001, 1}, "green");
  green.image_id = "a";
  green.file_path = "green.jpg";
  must(db.commit(green, 1002, {}));
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
