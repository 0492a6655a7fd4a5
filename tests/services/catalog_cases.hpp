/// The suites catalog and catalog_postgres; who includes this says which
/// `fixture` it is.
#include "services/catalog/catalog.hpp"
#include "services/catalog/image_json.hpp"
#include "tests/support/must.hpp"

#include <cmath>

using namespace darkroom;

namespace {

const attempt_stamp first{"7", 100, 1};
const attempt_stamp second{"7", 100, 2};

} // namespace

CAF_TEST_FIXTURE_SCOPE(catalog_tests, fixture)

CAF_TEST(an image goes from pending to completed) {
  must(db.ensure_image(id, path, 10));
  must(db.ensure_image(id, "other.jpg", 11));
  CAF_CHECK_EQUAL(image().status, "pending");
  CAF_CHECK_EQUAL(image().file_path, path);
  must(begin(first, image_part::metadata));
  CAF_CHECK_EQUAL(image().status, "processing");
  must(commit(metadata(first, "a bicycle")));
  CAF_CHECK_EQUAL(image().status, "processing");
  CAF_CHECK_EQUAL(image().processed_at, 0);
  must(begin(first, image_part::embedding));
  must(db.commit(embedding(first, {0.6f, 0.8f}), 5000, {}));
  CAF_CHECK_EQUAL(image().status, "completed");
  CAF_CHECK_EQUAL(image().processed_at, 5000);
  must(begin(first, image_part::variants));
  must(commit(variants(first, 9)));
  CAF_CHECK_EQUAL(image().status, "completed");
  CAF_CHECK_EQUAL(image().processed_at, 5000);
}

CAF_TEST(an image keeps its file until a run has a result) {
  must(begin(first, image_part::metadata));
  must(db.begin_part(first, id, "other.jpg", image_part::variants, 10));
  must(db.fail_part(first, id, "other.jpg", image_part::variants, "no", 11));
  CAF_CHECK_EQUAL(image().file_path, path);
  auto rows = metadata(second, "a bicycle");
  rows.file_path = "other.jpg";
  must(commit(rows));
  CAF_CHECK_EQUAL(image().file_path, "other.jpg");
}

CAF_TEST(six variants written twice are six) {
  must(commit(variants(first, 100)));
  auto before = image().variants;
  must(commit(variants(second, 200)));
  auto after = image().variants;
  CAF_REQUIRE_EQUAL(after.size(), 6u);
  for (size_t i = 0; i < after.size(); ++i) {
    CAF_CHECK_EQUAL(after[i].id, before[i].id);
    CAF_CHECK_EQUAL(after[i].created_at, before[i].created_at);
    CAF_CHECK_EQUAL(after[i].variant.file_size, 200u);
  }
}

CAF_TEST(marks are stored with the variants and go with them) {
  auto none = to_json(image_record{});
  CAF_CHECK(none["blurHash"].is_null() && none["avifEffort"].is_null());
  auto rows = marked(first, 3);
  must(commit(rows));
  auto shown = to_json(image());
  CAF_CHECK_EQUAL(shown["blurHash"], "L0");
  CAF_CHECK_EQUAL(shown["dominantColor"], "#102030");
  CAF_CHECK_EQUAL(shown["perceptualHash"], "00112233445566ff");
  CAF_CHECK_EQUAL(shown["avifEffort"], 3);
  auto page = to_json(must(reader.list_images(9, 0)));
  CAF_CHECK(page["images"][0] == shown);
  rows = marked(second, 4);
  rows.marks[0].content_hash = rows.marks[0].recipe_hash = "";
  must(commit(rows));
  auto marks = image().marks;
  CAF_REQUIRE(marks);
  CAF_CHECK_EQUAL(marks->avif_effort, 4u);
  CAF_CHECK_EQUAL(marks->content_hash, "");
  must(commit(variants({"7", 100, 3}, 5)));
  CAF_CHECK(!image().marks);
  rows.marks.resize(2);
  CAF_CHECK(!commit(rows));
}

CAF_TEST(variants of the same bytes and recipe are found by effort) {
  result_query query{bytes_hash, recipe_hash, 3, 3};
  auto found = [&](uint32_t lowest, uint32_t highest) {
    query.lowest_effort = lowest;
    query.highest_effort = highest;
    return must(db.find(query)).variants.size();
  };
  CAF_CHECK_EQUAL(found(0, 9), 0u);
  must(begin(first, image_part::variants));
  must(commit(marked(first, 3)));
  CAF_CHECK_EQUAL(found(3, 3), 6u);
  CAF_CHECK_EQUAL(found(1, 9), 6u);
  CAF_CHECK_EQUAL(found(4, 9), 0u);
  CAF_CHECK_EQUAL(found(0, 2), 0u);
  auto known = must(db.find({bytes_hash, recipe_hash, 0, 9}));
  CAF_REQUIRE_EQUAL(known.marks.size(), 1u);
  CAF_CHECK_EQUAL(known.marks[0].blur_hash, "L0");
  CAF_CHECK_EQUAL(known.marks[0].avif_effort, 3u);
  CAF_CHECK_EQUAL(known.variants[0].variant_type, "lg");
  CAF_CHECK_EQUAL(known.variants[0].file_size, 9u);
  query.recipe_hash = bytes_hash;
  CAF_CHECK_EQUAL(found(0, 9), 0u);
  query = {recipe_hash, recipe_hash, 0, 9};
  CAF_CHECK_EQUAL(found(0, 9), 0u);
}

CAF_TEST(the newest image whose variants are whole is found) {
  auto newest = [&] {
    return must(db.find({bytes_hash, recipe_hash, 0, 9}));
  };
  auto effort = [&] {
    return uint32_t{newest().marks.at(0).avif_effort};
  };
  must(commit(marked(first, 3)));
  auto other = marked(first, 4);
  other.image_id = "other";
  must(commit(other));
  CAF_CHECK_EQUAL(effort(), 4u);
  other.stamp = second; // its variants are being made again
  must(db.begin_part(second, "other", path, image_part::variants, ++now));
  CAF_CHECK_EQUAL(effort(), 3u);
  must(db.fail_part(first, id, path, image_part::variants, "gone", ++now));
  CAF_CHECK(newest().marks.empty());
}

CAF_TEST(a failed part fails the image until a newer run begins it) {
  must(begin(first, image_part::metadata));
  must(db.fail_part(first, id, path, image_part::metadata, "no such file", 50));
  CAF_CHECK_EQUAL(image().status, "failed");
  CAF_CHECK_EQUAL(image().error, "no such file");
  must(begin(second, image_part::metadata));
  CAF_CHECK_EQUAL(image().status, "processing");
  CAF_CHECK_EQUAL(image().error, "");
}

CAF_TEST(nothing is written when a file cannot be published) {
  must(begin(first, image_part::variants));
  auto rows = variants(first, 1);
  rows.files.push_back({"a.tmp", "a"});
  auto done = db.commit(rows, 60, [](auto&) -> status {
    return fail(ec::storage_failed, "disk full");
  });
  CAF_REQUIRE(!done);
  CAF_CHECK(done.error().code == ec::storage_failed);
  CAF_CHECK(image().variants.empty());
  CAF_CHECK_EQUAL(image().status, "processing");
  auto again = [](auto&) -> status {
    return ok;
  };
  must(db.commit(rows, 70, again));
  CAF_CHECK_EQUAL(image().variants.size(), 6u);
}

CAF_TEST(variants that are made no more lose their rows) {
  must(begin(first, image_part::variants));
  must(commit(variants(first, 1)));
  must(begin(second, image_part::variants));
  auto rows = variants(second, 2);
  rows.variants.resize(2); // sm
  rows.variants.push_back({"page", "jpeg", 800, 600, 9, "v/page.jpeg"});
  must(commit(rows));
  std::vector<std::string> names;
  for (const auto& x : image().variants)
    names.push_back(x.variant.variant_type + "." + x.variant.format);
  std::sort(names.begin(), names.end());
  CAF_CHECK_EQUAL(
    names, (std::vector<std::string>{"page.jpeg", "sm.avif", "sm.webp"}));
}

CAF_TEST(a commit without its rows is refused) {
  auto rows = metadata(first, "x");
  rows.metadata.clear();
  CAF_CHECK(!commit(rows));
  CAF_CHECK(!commit(embedding(first, {})));
  CAF_CHECK(!commit(embedding(first, {NAN})));
  rows.part = image_part{200};
  CAF_CHECK(!commit(rows));
}

CAF_TEST(a value is stored with its part until another run leaves one) {
  auto rows = metadata(first, "x");
  must(commit(rows));
  CAF_CHECK_EQUAL(to_json(image())["parts"]["metadata"].count("value"), 0u);
  rows.stamp = second;
  rows.value = R"({"hash":"LKO2"})";
  must(begin(second, image_part::metadata));
  must(commit(rows));
  auto shown = to_json(image());
  CAF_CHECK_EQUAL(shown["parts"]["metadata"]["value"]["hash"], "LKO2");
  must(begin({"7", 100, 3}, image_part::metadata));
  auto parts = image().parts;
  CAF_CHECK_EQUAL(parts.at(0).value, rows.value);
}

CAF_TEST(a part of an unknown name completes nothing and is told) {
  must(begin(first, image_part::metadata));
  auto other = must(database::open(cfg, access::read_write, nullptr));
  must(other.execute("UPDATE image_parts SET part = 'sound'"));
  auto late = db.commit(variants(first, 9), 60, {});
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::catalog_failed);
  CAF_CHECK(has(late.error().context, "image 'image-1' has a part 'sound'"));
  CAF_CHECK(has(refused(reader.image(id)).context, "a part 'sound'"));
  CAF_CHECK(has(refused(reader.parts("processing", 9)).context, "'sound'"));
}

CAF_TEST(images are listed newest first by status and page) {
  for (auto i = 0; i < 5; ++i)
    must(db.ensure_image("p" + std::to_string(i), "f", i));
  must(begin(first, image_part::metadata));
  auto page = must(reader.list_images(2, 1));
  CAF_CHECK_EQUAL(page.total, 6);
  CAF_REQUIRE_EQUAL(page.images.size(), 2u);
  CAF_CHECK_EQUAL(page.images[0].id, "p4");
  image_filter processing;
  processing.status = "processing";
  CAF_CHECK_EQUAL(must(reader.list_images(10, 0, processing)).total, 1);
  auto begun = must(reader.parts("processing", 10));
  CAF_REQUIRE_EQUAL(begun.size(), 1u);
  CAF_CHECK_EQUAL(begun[0].image_id, id);
  CAF_CHECK(reader.image("nobody").error().code == ec::not_found);
}

CAF_TEST(vectors come back bit by bit) {
  std::vector<float> vector{0.1f, -2.5e-8f, 1.0f};
  must(commit(embedding(first, vector)));
  std::vector<stored_vector> found;
  auto space = must(reader.state()).space;
  CAF_CHECK_EQUAL(space.model, "local-ngram-1");
  must(
    reader.each_vector(space, [&](auto x) { found.push_back(std::move(x)); }));
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK_EQUAL(found[0].id, id);
  CAF_CHECK(found[0].vector == vector);
}

CAF_TEST(an image is shown with the names of the contract) {
  must(commit(metadata(first, "a bicycle")));
  must(commit(variants(first, 9)));
  must(commit(embedding(first, {1.0f})));
  auto shown = to_json(image());
  CAF_CHECK_EQUAL(shown["imageId"], id);
  CAF_CHECK_EQUAL(shown["metadata"]["detailedDescription"],
                  "A red bicycle at a wall.");
  CAF_CHECK_EQUAL(shown["metadata"]["colors"]["dominant"][0], "#ff0000");
  CAF_CHECK_EQUAL(shown["variants"][5]["variantType"], "lg");
  CAF_CHECK_EQUAL(shown["embedding"]["dimensions"], 1);
  CAF_CHECK(shown["error"].is_null());
  CAF_CHECK_EQUAL(shown["parts"]["variants"]["status"], "completed");
  CAF_CHECK_EQUAL(shown["metadata"]["searchableText"], "red bicycle");
  CAF_CHECK_EQUAL(shown["metadata"]["tags"].size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
