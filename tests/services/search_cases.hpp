/// The suites search and search_postgres; who includes this says which
/// `fixture` it is. Over 300 lines long, because all cases need the fixture and
/// run on both engines.
#include "services/catalog/image_json.hpp"
#include "services/catalog/vector_rows.hpp"
#include "services/catalog/words.hpp"
#include "services/embedding/ngram_embedder.hpp"
#include "services/provider/open_desk.hpp"
#include "services/search/live_index.hpp"
#include "services/search/picture_search.hpp"
#include "services/storage/file_bytes.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

using names = std::vector<std::string>;

embedding_settings local_words() {
  embedding_settings out;
  out.provider = "local";
  out.weights = "/nowhere";
  return out;
}

/// Pictures with descriptions and vectors of the n-gram space.
struct search_fixture : fixture {
  image_commit described(const std::string& image, const std::string& text,
                         const names& tags = {}, const std::string& mood = "") {
    auto rows = metadata({"m-" + image, ++now, 1}, text);
    rows.image_id = image;
    auto& x = rows.metadata.front();
    x.detailed_description.clear();
    x.tags = tags;
    x.categories = {"Test Shots"};
    x.objects.clear();
    x.mood = mood;
    x.style.clear();
    x.searchable_text = text;
    return rows;
  }

  image_commit embedded(const std::string& image, const std::string& text,
                        const std::string& model = "local-ngram-1") {
    auto rows = embedding({"e-" + image, ++now, 1},
                          must(ngrams.embed(text, nullptr)));
    rows.image_id = image;
    auto& x = rows.embedding.front();
    x.host = "local";
    x.model = model;
    x.searchable_text = text;
    x.text_hash = sha256_of(text);
    return rows;
  }

  void add(const std::string& image, const std::string& text,
           const names& tags = {}, const std::string& mood = "") {
    must(commit(described(image, text, tags, mood)));
    must(commit(embedded(image, text)));
  }

  void add_three() {
    add("bike", "a red bicycle at a brick wall", {"Bicycle", "red"}, "calm");
    add("dog", "a brown dog runs on a beach", {"dog"}, "happy, Bright");
    add("cat", "a black cat sleeps on a sofa", {"cat"}, "calm");
  }

  static names ids_of(const search_page& page) {
    names out;
    for (const auto& x : page.hits)
      out.push_back(x.image.id);
    return out;
  }

  names found(const std::string& text, image_filter filter = {}) {
    return ids_of(must(search.find(text, std::move(filter), {})));
  }

  std::string first_of(const std::string& text, image_filter filter = {}) {
    auto ids = found(text, std::move(filter));
    return ids.empty() ? "" : ids.front();
  }

  bool is_stale(const std::string& id) {
    auto shown = to_json(must(reader.image(id)))["embedding"]["stale"];
    return shown.get<bool>();
  }

  ngram_embedder ngrams;
  picture_search search{must(catalog_reader::open(cfg)), local_words(), [] {
                          return std::make_unique<open_desk>();
                        }};
};

image_filter with_tag(const std::string& tag) {
  image_filter out;
  out.tag = tag;
  return out;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(search_tests, search_fixture)

CAF_TEST(the picture that fits best comes first with both its ranks) {
  add_three();
  auto page = must(search.find("dogs on the beach", {}, {}));
  CAF_REQUIRE(!page.hits.empty());
  CAF_CHECK_EQUAL(page.hits[0].image.id, "dog");
  CAF_CHECK_EQUAL(page.hits[0].word_rank, 1u);
  CAF_REQUIRE(page.hits[0].similarity);
  CAF_CHECK(*page.hits[0].similarity > 0.3f);
  CAF_CHECK_EQUAL(page.searched.vectors, 3);
  CAF_CHECK_EQUAL(page.searched.texts, 3);
  CAF_CHECK_EQUAL(to_string(page.searched.space), "local/local-ngram-1/512");
  CAF_CHECK_EQUAL(page.searched.note, "");
}

CAF_TEST(an empty catalog finds nothing and says what there is) {
  auto page = must(search.find("dog", {}, {}));
  CAF_CHECK(page.hits.empty());
  CAF_CHECK_EQUAL(page.searched.vectors, 0);
  CAF_CHECK_EQUAL(page.searched.note, "no picture has a vector yet");
  CAF_CHECK(must(search.duplicates(10, {})).groups.empty());
}

CAF_TEST(filters come before scores) {
  add_three();
  CAF_CHECK(found("dog", with_tag("CAT")) == names{}
            || found("dog", with_tag("CAT")) == names{"cat"});
  CAF_CHECK(found("bicycle", with_tag(" bicycle ")) == names{"bike"});
  CAF_CHECK(found("red bicycle", with_tag("nothing")).empty());
  image_filter filter;
  filter.mood = "bright";
  CAF_CHECK(found("dog", filter) == names{"dog"});
  filter = {};
  filter.category = "test shots";
  CAF_CHECK_EQUAL(first_of("dog", filter), "dog");
  auto added = must(reader.image("dog")).created_at;
  filter = {};
  filter.after = added;
  filter.before = added + 1;
  CAF_CHECK(found("a", filter).size() <= 1);
  CAF_CHECK(found("dog", filter) == names{"dog"});
  filter.after = added + 1;
  CAF_CHECK(found("dog", filter).empty());
  auto page = must(search.find("dog", with_tag("cat"), {}));
  CAF_CHECK_EQUAL(page.searched.allowed, 1);
}

CAF_TEST(nothing that is typed is an operator or an error) {
  add_three();
  for (const auto* text :
       {"\"", "dog\" OR \"cat", "tags:dog", "dog*", "NEAR(dog cat)", "(", ")",
        "AND", "-dog", "^dog", "' OR 1=1 --", "dog & | !", "\xff\xfe dog",
        "%_\\", "$1 :x ?", "dog AND AND"})
    must(search.find(text, {}, {}));
  CAF_CHECK(!must(search.find("!!! ???", {}, {})).searched.note.empty());
  CAF_CHECK_EQUAL(first_of("-dog"), "dog");
}

CAF_TEST(pages of a result agree and end) {
  for (auto i = 0; i < 25; ++i)
    add("p" + std::to_string(i), "a red bicycle at a brick wall");
  names all;
  for (int64_t offset = 0; offset < 30; offset += 7) {
    auto page = must(search.find("red bicycle", {}, {7, offset}));
    CAF_CHECK_EQUAL(page.total, 25);
    for (const auto& id : ids_of(page))
      all.push_back(id);
  }
  CAF_CHECK_EQUAL(all.size(), 25u);
  std::sort(all.begin(), all.end());
  CAF_CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

CAF_TEST(the pictures most like one come first and it does not ) {
  add_three();
  add("puppy", "a small brown dog runs on a lawn");
  auto page = must(search.like("dog", {}));
  CAF_REQUIRE(!page.hits.empty());
  CAF_CHECK_EQUAL(page.hits[0].image.id, "puppy");
  CAF_CHECK(page.hits.size() == static_cast<size_t>(page.total));
  for (const auto& x : page.hits)
    CAF_CHECK(x.image.id != "dog");
  CAF_CHECK(refused(search.like("nobody", {})).code == ec::not_found);
  CAF_CHECK(refused(search.like("\xff", {})).code == ec::not_found);
  must(commit(described("bare", "no vector yet")));
  auto none = must(search.like("bare", {}));
  CAF_CHECK(none.hits.empty());
  CAF_CHECK(has(none.searched.note, "'bare' has no vector"));
}

CAF_TEST(an index hears of what other main nodes commit and delete) {
  add_three();
  auto other_reader = must(catalog_reader::open(cfg));
  live_index index{other_reader};
  must(index.refresh());
  CAF_CHECK_EQUAL(index.vectors().size(), 3u);
  auto other = must(catalog::open(cfg));
  must(other.commit(embedded("new", "a blue boat"), ++now, {}));
  must(index.refresh());
  CAF_CHECK_EQUAL(index.vectors().size(), 4u);
  auto before = index.vectors().vector_of("dog");
  must(other.commit(embedded("dog", "a blue boat"), ++now, {}));
  must(index.refresh());
  CAF_CHECK(index.vectors().vector_of("dog") != before);
  auto gone = book.remove("dog", ++now, "variants/dog",
                          [](const std::string& x) { return result(x); });
  must(std::move(gone));
  must(index.refresh());
  CAF_CHECK_EQUAL(index.vectors().size(), 3u);
  CAF_CHECK(index.vectors().vector_of("dog").empty());
  CAF_CHECK(found("dog") != names{"dog"});
}

CAF_TEST(an index that starts has what the catalog has) {
  // More than one page of them.
  for (auto i = 0; i < 1001; ++i) {
    auto rows = embedding({"e", ++now, 1}, {1, static_cast<float>(i)});
    rows.image_id = "p" + std::to_string(i);
    must(commit(rows));
  }
  live_index index{reader};
  must(index.refresh());
  CAF_CHECK_EQUAL(index.vectors().size(), 1001u);
  auto hits = must(index.vectors().search({1, 0}, 1));
  CAF_CHECK_EQUAL(hits.at(0).id, "p0");
}

CAF_TEST(vectors of another space are kept beside and never compared) {
  add_three();
  must(commit(embedded("dog", "a brown dog runs on a beach", "other")));
  live_index index{reader};
  must(index.refresh());
  CAF_CHECK_EQUAL(index.space().model, "local-ngram-1");
  CAF_CHECK_EQUAL(index.vectors().size(), 3u);
  vector_space other{"local", "other", 512};
  auto state = must(reader.progress(other));
  CAF_CHECK_EQUAL(state.images, 3);
  CAF_CHECK_EQUAL(state.fresh, 1);
  auto shown = to_json(must(reader.image("dog")))["embedding"];
  CAF_CHECK_EQUAL(shown["model"], "local-ngram-1");
  CAF_CHECK_EQUAL(shown["searched"], true);
  auto missing = must(reader.outdated(other, "", 10));
  CAF_REQUIRE_EQUAL(missing.size(), 2u);
  CAF_CHECK_EQUAL(missing[0].id, "bike");
  CAF_CHECK_EQUAL(missing[0].metadata.tags.size(), 2u);
}

CAF_TEST(a space is switched to when it is complete and not before) {
  add_three();
  vector_space other{"local", "other", 512};
  CAF_CHECK(refused(db.search_in(other)).code == ec::conflict);
  live_index index{reader};
  must(index.refresh());
  for (const auto* id : {"bike", "cat", "dog"}) {
    auto text = must(reader.image(id)).metadata->searchable_text;
    must(commit(embedded(id, text, "other")));
  }
  CAF_CHECK_EQUAL(must(reader.state()).space.model, "local-ngram-1");
  must(db.search_in(other));
  must(index.refresh());
  CAF_CHECK_EQUAL(index.space().model, "other");
  CAF_CHECK_EQUAL(index.vectors().size(), 3u);
  CAF_CHECK_EQUAL(must(reader.progress({"local", "local-ngram-1", 512})).fresh,
                  0);
  auto page = must(search.find("dog", {}, {}));
  CAF_CHECK(has(page.searched.note, "only words were searched"));
  CAF_CHECK_EQUAL(page.hits.at(0).image.id, "dog");
}

CAF_TEST(a vector is stale from the new text until it is made again) {
  add_three();
  vector_space space{"local", "local-ngram-1", 512};
  CAF_CHECK(must(reader.outdated(space, "", 10)).empty());
  CAF_CHECK(!is_stale("dog"));
  auto dog = must(reader.image("dog")).embedding;
  CAF_REQUIRE(dog);
  CAF_CHECK_EQUAL(dog->text_hash, sha256_of("a brown dog runs on a beach"));
  must(commit(described("dog", "a grey wolf in the snow")));
  CAF_CHECK(is_stale("dog"));
  CAF_CHECK(!is_stale("cat"));
  CAF_CHECK_EQUAL(must(reader.progress(space)).stale, 1);
  auto stale = must(reader.outdated(space, "", 10));
  CAF_REQUIRE_EQUAL(stale.size(), 1u);
  CAF_CHECK(stale[0].is_stale);
  CAF_CHECK_EQUAL(stale[0].metadata.searchable_text, "a grey wolf in the snow");
  must(commit(embedded("dog", "a grey wolf in the snow")));
  CAF_CHECK(!is_stale("dog"));
  CAF_CHECK(must(reader.outdated(space, "", 10)).empty());
  CAF_CHECK_EQUAL(first_of("wolf"), "dog");
}

CAF_TEST(words follow new metadata and go with the image) {
  add_three();
  must(commit(described("dog", "a grey wolf in the snow", {"wolf"})));
  image_filter words;
  words.words = all_words_of("brown dog");
  CAF_CHECK(must(reader.best_by_words(words, 9)).empty());
  CAF_CHECK(must(reader.ids(with_tag("dog"))).empty());
  words.words = any_word_of("wolves");
  auto removed = book.remove("dog", ++now, "variants/dog",
                             [](const std::string& x) { return result(x); });
  must(std::move(removed));
  CAF_CHECK(must(reader.best_by_words(words, 9)).empty());
  CAF_CHECK(must(reader.ids(with_tag("wolf"))).empty());
  CAF_CHECK_EQUAL(must(reader.count_texts()), 2);
}

CAF_TEST(a list is filtered by words and tag and status) {
  add_three();
  image_filter filter;
  filter.words = all_words_of("a on");
  CAF_CHECK(must(reader.list_images(9, 0, with_tag("dog"))).total == 1);
  filter.words = all_words_of("black sofa");
  auto page = must(reader.list_images(9, 0, filter));
  CAF_REQUIRE_EQUAL(page.total, 1);
  CAF_CHECK_EQUAL(page.images[0].id, "cat");
  filter.words = all_words_of("black beach");
  CAF_CHECK_EQUAL(must(reader.list_images(9, 0, filter)).total, 0);
  filter = {};
  filter.status = "completed";
  CAF_CHECK_EQUAL(must(reader.list_images(9, 0, filter)).total, 3);
}

CAF_TEST(duplicates are read from the marks of the variants) {
  auto put = [&](const std::string& image, const std::string& hash) {
    auto rows = marked({"v-" + image, ++now, 1}, 3);
    rows.image_id = image;
    rows.marks[0].perceptual_hash = hash;
    must(commit(rows));
  };
  put("one", "00ff00ff00ff00ff");
  put("two", "ff00ff00ff00ff00");
  put("three", "00ff00ff00ff00fc");
  auto page = must(search.duplicates(2, {}));
  CAF_CHECK_EQUAL(page.total, 1);
  CAF_CHECK_EQUAL(page.pictures, 3);
  CAF_REQUIRE_EQUAL(page.groups.size(), 1u);
  CAF_REQUIRE_EQUAL(page.groups[0].pictures.size(), 2u);
  CAF_CHECK_EQUAL(page.groups[0].pictures[0].image.id, "one");
  CAF_CHECK_EQUAL(page.groups[0].distances[1], 2u);
  CAF_CHECK_EQUAL(must(search.duplicates(1, {})).total, 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
