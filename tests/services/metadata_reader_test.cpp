#define CAF_SUITE metadata_reader

#include "services/text/one_line.hpp"
#include "services/vision/metadata_reader.hpp"
#include "services/vision/tag_words.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

using names = std::vector<std::string>;

image_metadata read(const std::string& members) {
  return read_metadata(
    nlohmann::json::parse(R"({"description":"x",)" + members + "}"));
}

std::string dominant(const std::string& colors) {
  auto said = nlohmann::json::parse(read("\"colors\":" + colors).colors);
  return said["dominant"].dump() + said["names"].dump();
}

} // namespace

CAF_TEST(only a description is required) {
  auto is_one = [](const char* text) {
    return has_description(nlohmann::json::parse(text));
  };
  for (auto text : {R"({"description":"x"})", R"({"Description":"x"})",
                    R"({"DESCRIPTION":["x"]})", R"({"description":7})",
                    R"({"caption":"x"})", R"({"description":{"text":"x"}})"})
    CAF_CHECK(is_one(text));
  for (auto text :
       {"{}", R"({"description":""})", R"({"description":null})",
        R"({"description":" \n"})", R"({"description":[]})",
        R"({"description":{"type":"string"}})", R"({"tags":["x"]})"})
    CAF_CHECK(!is_one(text));
  auto bare = read(R"("tags":null)");
  CAF_CHECK_EQUAL(bare.description, "x");
  CAF_CHECK_EQUAL(bare.searchable_text, "x");
  CAF_CHECK_EQUAL(nlohmann::json::parse(bare.colors)["dominant"].size(), 0u);
}

CAF_TEST(keys are known in any case) {
  CAF_CHECK_EQUAL(read(R"("detailed_description":"y")").detailed_description,
                  "y");
  CAF_CHECK_EQUAL(read(R"("Detailed Description":"y")").detailed_description,
                  "y");
  CAF_CHECK_EQUAL(read(R"("SEARCHABLE_TEXT":"y")").searchable_text, "y");
  CAF_CHECK_EQUAL(read(R"("colours":{"Temperature":"warm"})").colors,
                  R"({"dominant":[],"names":[],"temperature":"warm"})");
}

CAF_TEST(values of another kind are taken for what they mean) {
  CAF_CHECK_EQUAL(read(R"("tags":"red cat, wall; sun")").tags,
                  (names{"red cat", "wall", "sun"}));
  CAF_CHECK_EQUAL(read(R"("tags":[{"name":"cat"},{"label":"dog"},77])").tags,
                  (names{"cat", "dog", "77"}));
  CAF_CHECK_EQUAL(read(R"("tags":{"cat":0.9,"dog":0.5})").tags,
                  (names{"cat", "dog"}));
  CAF_CHECK_EQUAL(read(R"("tags":{"items":["cat"]})").tags, names{"cat"});
  CAF_CHECK_EQUAL(read(R"("objects":[null,["cat","dog"],true])").objects,
                  (names{"cat, dog", "true"}));
  CAF_CHECK_EQUAL(read(R"("mood":["calm","warm"])").mood, "calm, warm");
  CAF_CHECK_EQUAL(read(R"("mood":{"primary":"calm"})").mood, "calm");
  CAF_CHECK_EQUAL(read(R"("mood":7)").mood, "7");
  CAF_CHECK_EQUAL(read(R"("mood":null)").mood, "");
  CAF_CHECK(has(read(R"("composition":"wide shot")").composition, "wide shot"));
}

CAF_TEST(one odd field costs no other) {
  auto x = read(R"("tags":["cat"],"colors":7,"composition":[[1]],)"
                R"("mood":{"a":{"b":{"c":{"d":1}}}},"style":"photo")");
  CAF_CHECK_EQUAL(x.tags, names{"cat"});
  CAF_CHECK_EQUAL(x.style, "photo");
}

CAF_TEST(colors are values and the rest are names) {
  CAF_CHECK_EQUAL(dominant(R"({"dominant":["#C81E28","reddish","#8a5a3c"],)"
                           R"("names":["red"]})"),
                  R"(["#c81e28","#8a5a3c"]["red"])");
  CAF_CHECK_EQUAL(dominant(R"(["#fff","0000ff","blue","#ggg"])"),
                  R"(["#ffffff","#0000ff"]["blue","#ggg"])");
  CAF_CHECK_EQUAL(dominant(R"([{"hex":"#102030","name":"night"}])"),
                  R"(["#102030"]["night"])");
  CAF_CHECK_EQUAL(dominant(R"("#102030, night")"), R"(["#102030"]["night"])");
}

CAF_TEST(tags are tidy) {
  CAF_CHECK_EQUAL(as_tag("  #Red   Bicycle. "), "red bicycle");
  CAF_CHECK_EQUAL(as_tag("ÉTÉ"), "été");
  CAF_CHECK_EQUAL(as_tag("\"quoted\""), "quoted");
  CAF_CHECK_EQUAL(as_tag("a\tb\nc"), "a b c");
  CAF_CHECK_EQUAL(as_tag("\u202egnp.exe"), "gnp.exe");
  CAF_CHECK_EQUAL(as_tag("ca\u200bt"), "cat");
  CAF_CHECK_EQUAL(as_tag("x"), "");
  CAF_CHECK_EQUAL(as_tag("##"), "");
  CAF_CHECK_EQUAL(as_tag("ab"), "ab");
  CAF_CHECK_EQUAL(as_tag(std::string(48, 'a')), std::string(48, 'a'));
  CAF_CHECK_EQUAL(as_tag(std::string(49, 'a')), "");
  CAF_CHECK_EQUAL(as_tag("\xff\xfe"), "\ufffd\ufffd");
}

CAF_TEST(tags come once and at most thirty) {
  CAF_CHECK_EQUAL(as_tags({"Cat", "#cat", " CAT ", "dog"}),
                  (names{"cat", "dog"}));
  names many;
  for (int i = 0; i < 100; ++i)
    many.push_back("tag " + std::to_string(i));
  CAF_CHECK_EQUAL(as_tags(many).size(), 30u);
}

CAF_TEST(texts are one line and cut between characters) {
  CAF_CHECK_EQUAL(one_line("  a \n\n b\u202e c ", 99), "a b c");
  CAF_CHECK_EQUAL(one_line("ab\xff", 99), "ab\ufffd");
  CAF_CHECK_EQUAL(one_line("abé", 3), "ab");
  CAF_CHECK_EQUAL(one_line("abé", 4), "abé");
  CAF_CHECK_EQUAL(one_line("ab c", 3), "ab");
  CAF_CHECK_EQUAL(one_line("", 3), "");
  auto x = read_metadata({{"description", std::string(499, 'x') + "é"},
                          {"mood", std::string(100, 'y')}});
  CAF_CHECK_EQUAL(x.description, std::string(499, 'x'));
  CAF_CHECK_EQUAL(x.mood.size(), 64u);
}
