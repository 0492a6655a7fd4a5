#define CAF_SUITE node_traits

#include "actors/node_traits.hpp"
#include "actors/validate.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

const node_trait uploads{"uploads folder", "id-1", "/main/uploads", false};
const node_trait model{"embedding model", "weights 1", "", true};

node_traits with(node_trait x, const std::string& value,
                 bool is_default = false) {
  x.value = value;
  x.is_default = is_default;
  return {x};
}

} // namespace

CAF_TEST(equal nodes work together wherever they have mounted the folder) {
  auto elsewhere = uploads;
  elsewhere.where = "/mnt/pictures";
  CAF_CHECK_EQUAL(name_difference({uploads, model}, {elsewhere, model}), "");
}

CAF_TEST(a difference is named with both values and what to do) {
  auto theirs = uploads;
  theirs.value = "id-2";
  theirs.where = "/other";
  auto why = name_difference({uploads}, {theirs});
  CAF_CHECK_EQUAL(why, "the uploads folder differs: this worker has 'id-2' "
                       "(/other), the main node has 'id-1' (/main/uploads): "
                       "mount the same folder on all nodes, and name it in "
                       "[storage] uploads (its file darkroom.id tells which it "
                       "is), or give all nodes the same bucket");
  CAF_CHECK(has(name_difference({model}, with(model, "words", true)),
                "deploy/fetch-models"));
}

CAF_TEST(a worker whose codec has other libraries is told to install the same) {
  node_trait codec{"codec", "vips 8.17.1, libraries 1", "", false};
  auto why = name_difference({codec}, with(codec, "vips 8.14.1, libraries 2"));
  CAF_CHECK(has(why, "the codec differs: this worker has 'vips 8.14.1"));
  CAF_CHECK(has(why, "install the same darkroom-codec and libvips"));
}

CAF_TEST(a worker whose folder has no mark is in another folder) {
  CAF_CHECK(has(name_difference({uploads}, with(uploads, "")), "has none"));
}

CAF_TEST(what only one side names is not compared) {
  CAF_CHECK_EQUAL(name_difference({uploads, model}, {model}), "");
  CAF_CHECK_EQUAL(name_difference({}, {uploads, model}), "");
  CAF_CHECK_EQUAL(name_difference(with(uploads, ""), {uploads}), "");
}

CAF_TEST(a main node that chose no model leaves it to its workers) {
  CAF_CHECK_EQUAL(name_difference({model}, with(model, "gpt", false)), "");
  CAF_CHECK(has(name_difference(with(model, "gpt", false), {model}),
                "the main node has 'gpt'"));
}

CAF_TEST(two workers agree in what both name whoever chose it) {
  CAF_CHECK_EQUAL(name_difference_to("w", {model, uploads}, {model}), "");
  CAF_CHECK(has(name_difference_to("w", {model}, with(model, "gpt", false)),
                "node 'w'"));
}

CAF_TEST(traits of strangers are bounded and printable) {
  node_hello hello;
  hello.name = "n";
  hello.boot_id = "b";
  hello.traits = {uploads};
  CAF_CHECK_EQUAL(validate(hello), "");
  hello.traits = {with(uploads, "two\nlines")};
  CAF_CHECK(has(validate(hello), "traits"));
  hello.traits = node_traits(101, uploads);
  CAF_CHECK(has(validate(hello), "traits"));
}
