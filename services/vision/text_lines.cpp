#include "services/text/hidden.hpp"
#include "services/text/utf8.hpp"
#include "services/vision/local_models.hpp"
#include "services/vision/recognise.hpp"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace darkroom {

namespace {

constexpr pixel_scale line_scale{{127.5, 127.5, 127.5}, {127.5, 127.5, 127.5}};
constexpr double sure_line = .9; // mean certainty of a line's characters
constexpr size_t fewest = 2;     // letters or digits of a line
constexpr size_t most_bytes = 200;

struct text_line {
  std::string text;
  double certainty = 0;
};

/// The model says for each step which character is there; 0 is none, and equal
/// ones side by side are one.
result<text_line> read_line(const local_models& models, const cv::Mat& level) {
  auto said = models.text_lines->run(
    to_tensor(level, level.cols, level.rows, line_scale, true));
  if (!said)
    return std::move(said.error());
  auto kinds = models.characters.size() + 1;
  if (said->size() != 1 || said->front().values.size() % kinds != 0)
    return fail(ec::internal, "the model of text lines does not go with its "
                              "list of characters");
  const auto& values = said->front().values;
  text_line out;
  double sum = 0;
  size_t read = 0, before = 0;
  for (size_t at = 0; at < values.size(); at += kinds) {
    const auto* first = values.data() + at;
    const auto* best = std::max_element(first, first + kinds);
    auto kind = static_cast<size_t>(best - first);
    if (kind != 0 && kind != before) {
      out.text += models.characters[kind - 1];
      sum += *best;
      ++read;
    }
    before = kind;
  }
  out.certainty = read == 0 ? 0 : sum / static_cast<double>(read);
  return out;
}

/// Without what no reader sees, and without spaces at its ends.
std::string clean(const std::string& text) {
  auto points = to_code_points(text);
  std::erase_if(points, is_hidden);
  auto first = points.find_first_not_of(U' ');
  if (first == std::u32string::npos)
    return {};
  return to_utf8(
    points.substr(first, points.find_last_not_of(U' ') + 1 - first));
}

/// Marks and single letters are mostly patterns that look like text.
bool says_something(const std::string& text) {
  auto letters = std::count_if(text.begin(), text.end(), [](unsigned char c) {
    return c >= 0x80 || std::isalnum(c) != 0;
  });
  return static_cast<size_t>(letters) >= fewest;
}

} // namespace

result<std::string> read_text(const local_models& models, const cv::Mat& rgb) {
  auto lines = find_text_lines(*models.text_areas, rgb);
  if (!lines)
    return std::move(lines.error());
  std::string out;
  for (const auto& level : *lines) {
    auto read = read_line(models, level);
    if (!read)
      return std::move(read.error());
    auto text = clean(read->text);
    if (read->certainty < sure_line || !says_something(text))
      continue;
    if (out.size() + 1 + text.size() > most_bytes)
      break;
    out += (out.empty() ? "" : " ") + text;
  }
  return out;
}

} // namespace darkroom
