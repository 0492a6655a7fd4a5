#define CAF_SUITE embedding_answer

#include "services/embedding/embedding_answer.hpp"
#include "tests/support/must.hpp"

#include <cmath>

using namespace darkroom;

namespace {

result<std::vector<float>> read(const std::string& body) {
  return read_embedding(nlohmann::json::parse(body), 2);
}

} // namespace

CAF_TEST(a vector is taken from wherever it stands) {
  auto packed = pack_vector({3, 4});
  for (std::string body :
       {std::string(R"({"data":[{"index":0,"embedding":[3,4]}]})"),
        std::string(R"({"data":[{"index":1,"embedding":[9,9]},)"
                    R"({"index":0,"embedding":[3,4]}]})"),
        std::string(R"({"data":[{"embedding":[3,4]},{"embedding":[9,9]}]})"),
        std::string(R"({"data":{"embedding":[3,4]}})"),
        std::string(R"({"embedding":[3,4]})"),
        std::string(R"({"embeddings":[[3,4]]})"),
        std::string(R"({"embeddings":{"float":[[3,4]]}})"),
        std::string(R"({"embedding":{"values":[3,4]}})"),
        std::string("[[3,4]]"), std::string("[3,4]"),
        std::string(R"({"data":[{"embedding":["3","4.0"]}]})"),
        std::string(R"({"data":[{"embedding":"[3, 4]"}]})"),
        R"({"data":[{"embedding":")" + packed + R"("}]})"}) {
    CAF_MESSAGE(body);
    auto vector = must(read(body));
    CAF_CHECK(std::abs(vector[0] - 0.6f) < 1e-6f);
    CAF_CHECK(std::abs(vector[1] - 0.8f) < 1e-6f);
  }
}

CAF_TEST(what is no vector of that length is refused for good) {
  for (auto body :
       {"{}", "[]", R"({"data":[]})", R"({"data":[{"embedding":[]}]})",
        R"({"data":[{"embedding":[1]}]})",
        R"({"data":[{"embedding":[1,2,3]}]})",
        R"({"data":[{"embedding":[0,0]}]})",
        R"({"data":[{"embedding":[1,null]}]})",
        R"({"data":[{"embedding":[1,"x"]}]})",
        R"({"data":[{"embedding":[1,"nan"]}]})",
        R"({"data":[{"embedding":[1,1e300]}]})",
        R"({"data":[{"embedding":[1,[2]]}]})",
        R"({"data":[{"embedding":"no base64!"}]})",
        R"({"data":[{"embedding":"AAA="}]})", R"({"data":7})"}) {
    CAF_MESSAGE(body);
    CAF_CHECK(refused(read(body)).code == ec::upstream_refused);
  }
  CAF_CHECK(has(refused(read("[1,2,3]")).context,
                "3 floats, but [embedding] dimensions asks for 2"));
}

CAF_TEST(a packed vector is read as it was) {
  std::vector<float> vector{1.5f, -2, 0};
  CAF_CHECK(unpack_vector(pack_vector(vector)) == vector);
  for (auto text : {"", "A", "AAA=", "*", "[1,2]"})
    CAF_CHECK(unpack_vector(text).empty());
}
