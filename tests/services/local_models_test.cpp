#define CAF_SUITE local_models

#include "services/vision/local_models.hpp"
#include "services/vision/recognise.hpp"
#include "tests/support/fetched_models.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>
#include <filesystem>
#include <thread>

using namespace darkroom;
using namespace darkroom::test;

namespace {

namespace fs = std::filesystem;

/// A folder with links to the fetched files, of which a test replaces some.
struct fixture {
  fixture() {
    for (const auto& x : fs::directory_iterator(fetched_models()))
      fs::create_symlink(x.path(), folder.file(x.path().filename()));
  }

  void remove(const std::string& name) const {
    fs::remove(folder.file(name));
  }
  void replace(const std::string& name, const std::string& bytes) const {
    remove(name);
    folder.write(name, bytes);
  }
  error why() const {
    auto out = refused(load_models(folder.path()));
    CAF_CHECK(out.code == ec::bad_config);
    CAF_CHECK(has(out.context, "deploy/fetch-models"));
    return out;
  }

  scratch_folder folder;
};

/// The pattern whose answers tests/data/local_models.json has.
tensor pattern(int edge, bool from_minus_one) {
  tensor out;
  out.shape = {1, edge, edge, 3};
  for (auto y = 0; y < edge; ++y)
    for (auto x = 0; x < edge; ++x)
      for (auto c = 0; c < 3; ++c) {
        auto value
          = static_cast<float>((x * x + 3 * x * y + 7 * y + 29 * c) % 256);
        out.values.push_back(from_minus_one ? value / 127.5f - 1 : value);
      }
  return out;
}

/// White letters on blue: one line for each text, 40 px high.
cv::Mat sign(const std::vector<std::string>& lines) {
  cv::Mat drawn(384, 640, CV_8UC3, cv::Scalar(20, 40, 120));
  auto y = 80;
  for (const auto& line : lines) {
    cv::putText(drawn, line, {40, y}, cv::FONT_HERSHEY_DUPLEX, 1.4,
                cv::Scalar::all(255), 2, cv::LINE_AA);
    y += 80;
  }
  return drawn;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(local_models_tests, fixture)

CAF_TEST(converted models answer as in TensorFlow.js) {
  auto models = must(load_models(folder.path()));
  auto expected = nlohmann::json::parse(
    read_file(DARKROOM_SOURCE_DIR "/tests/data/local_models.json"));
  auto check = [&](const onnx_model& model, const tensor& input,
                   const std::string& name) {
    auto said = must(model.run(input));
    CAF_REQUIRE_EQUAL(said.size(), expected[name].size());
    for (size_t i = 0; i < said.size(); ++i) {
      CAF_CHECK_EQUAL(said[i].values.size(), expected[name][i]["size"]);
      for (const auto& x : expected[name][i]["values"]) {
        auto value = x[1].get<double>();
        auto slack = 1e-3 + std::abs(value) * 1e-3;
        CAF_CHECK(std::abs(said[i].values[x[0].get<size_t>()] - value) < slack);
      }
    }
  };
  check(*models->objects, pattern(512, false), "objects.onnx");
  check(*models->faces, pattern(256, true), "faces.onnx");
}

CAF_TEST(the analyser does without what is missing and its name says so) {
  CAF_CHECK_EQUAL(name_of_local(parts_in(folder.path())),
                  "local-2 (objects, faces, text)");
  CAF_CHECK_EQUAL(parts_of(*must(load_models(folder.path()))), all_parts());
  remove("text-characters.txt");
  CAF_CHECK_EQUAL(name_of_local(parts_in(folder.path())),
                  "local-2 (objects, faces)");
  CAF_CHECK_EQUAL(parts_of(*must(load_models(folder.path()))),
                  parts_in(folder.path()));
  remove("objects.onnx");
  CAF_CHECK(parts_in(folder.path()).empty());
  CAF_CHECK(parts_in("").empty());
  CAF_CHECK(parts_of(*must(load_models(folder.path()))).empty());
  CAF_CHECK_EQUAL(name_of_local({}), "local-2");
}

CAF_TEST(a library that is none is refused) {
  replace("libonnxruntime.so.1", "no library");
  CAF_CHECK(has(why().context, "libonnxruntime.so.1"));
}

CAF_TEST(a model that is cut short or is none is refused) {
  auto whole = folder.read("faces.onnx");
  for (const auto& bytes : {whole.substr(0, whole.size() / 2), std::string(),
                            std::string("no model")}) {
    replace("faces.onnx", bytes);
    CAF_CHECK(has(why().context, "faces.onnx"));
  }
}

CAF_TEST(a model in the place of another one fails and harms nothing) {
  replace("objects.onnx", folder.read("faces.onnx"));
  auto models = must(load_models(folder.path()));
  CAF_CHECK(refused(find_objects(*models->objects, sign({}))).code
            == ec::internal);
}

CAF_TEST(an empty list of characters is refused) {
  replace("text-characters.txt", "");
  CAF_CHECK(has(why().context, "text-characters.txt"));
}

CAF_TEST(a named folder that is none is refused) {
  shared_models models{folder.file("none")};
  auto why = refused(models.get());
  CAF_CHECK(why.code == ec::bad_config);
  CAF_CHECK(has(why.context, "vision.models"));
}

CAF_TEST(processors share the models and use them at the same time) {
  shared_models shared{folder.path()};
  auto models = must(shared.get());
  CAF_CHECK(must(shared.get()) == models);
  auto picture = sign({"GOOD MORNING"});
  std::string first, second;
  std::thread other([&] { second = must(read_text(*models, picture)); });
  first = must(read_text(*models, picture));
  other.join();
  CAF_CHECK_EQUAL(first, second);
}

CAF_TEST(a mirrored look leaves the picture as it is) {
  auto models = must(load_models(folder.path()));
  auto rgb = sign({"LEFT"});
  auto before = rgb.clone();
  must(look_for_objects(*models->objects, rgb, {0, 0, .8, .8}, true, .4));
  CAF_CHECK_EQUAL(cv::norm(rgb, before, cv::NORM_INF), 0);
}

CAF_TEST(text is read from top to bottom) {
  auto models = must(load_models(folder.path()));
  CAF_CHECK_EQUAL(
    must(read_text(*models, sign({"OPEN DAILY", "from 9 to 17"}))),
    "OPEN DAILY from 9 to 17");
  CAF_CHECK_EQUAL(must(read_text(*models, sign({}))), "");
}

CAF_TEST(text is bounded) {
  auto models = must(load_models(folder.path()));
  std::vector<std::string> lines(4, "a line with many letters");
  auto much = sign(lines);
  cv::Mat more;
  cv::vconcat(std::vector<cv::Mat>(3, much), more);
  auto text = must(read_text(*models, more));
  CAF_CHECK(text.size() > 100);
  CAF_CHECK(text.size() <= 200);
}

CAF_TEST(characters that hide or turn text are left out) {
  auto lines = folder.read("text-characters.txt");
  auto turned = lines;
  auto at = turned.find("\nO\n");
  CAF_REQUIRE(at != std::string::npos);
  turned.replace(at, 3, "\n\u202e\n");
  replace("text-characters.txt", turned);
  auto models = must(load_models(folder.path()));
  CAF_CHECK_EQUAL(must(read_text(*models, sign({"OPEN DAILY"}))), "PEN DAILY");
}

CAF_TEST_FIXTURE_SCOPE_END()
