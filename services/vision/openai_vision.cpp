#include "services/vision/openai_vision.hpp"

#include "services/vision/openai_answer.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

/// A full answer takes about 400 tokens.
constexpr int max_answer_tokens = 1500;

constexpr const char* instructions
  = "You describe pictures for a searchable image library. Say only what can "
    "be seen. Use lower case for tags, categories and objects. Give dominant "
    "colors as #rrggbb, the strongest first. searchableText is one paragraph "
    "with every word somebody may search this picture by.";

std::string base64(const std::string& bytes) {
  constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back(); // its terminating zero
  return text;
}

json question(const vision_input& picture) {
  auto text = "Describe this picture. File name: " + picture.file_name
              + ". Size: " + std::to_string(picture.original_width) + " x "
              + std::to_string(picture.original_height) + " pixels.";
  auto url = "data:image/jpeg;base64," + base64(picture.jpeg);
  return json::array({{{"type", "text"}, {"text", text}},
                      {{"type", "image_url"},
                       {"image_url", {{"url", url}, {"detail", "auto"}}}}});
}

} // namespace

openai_vision::openai_vision(vision_settings cfg) : cfg_(std::move(cfg)) {}

const std::string& openai_vision::model() const {
  return cfg_.model;
}

result<image_metadata>
openai_vision::describe(const vision_input& picture,
                        const std::atomic<bool>* cancel) {
  if (picture.jpeg.empty())
    return fail(ec::bad_input,
                "'" + picture.file_name + "' came without a JPEG to show");
  json body{{"model", cfg_.model},
            {"max_tokens", max_answer_tokens},
            {"messages",
             json::array({{{"role", "system"}, {"content", instructions}},
                          {{"role", "user"}, {"content", question(picture)}}})},
            {"response_format",
             {{"type", "json_schema"},
              {"json_schema",
               {{"name", "image_metadata"},
                {"strict", true},
                {"schema", answer_schema()}}}}}};
  json_post post{cfg_.base_url + "/chat/completions",
                 body.dump(-1, ' ', false, json::error_handler_t::replace),
                 cfg_.api_key, cfg_.timeout};
  auto answer = client_.send(post, cancel);
  if (!answer)
    return std::move(answer.error());
  return read_answer(*answer, cfg_.model);
}

} // namespace darkroom
