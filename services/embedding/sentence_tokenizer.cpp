#include "services/embedding/sentence_tokenizer.hpp"

#include "services/embedding/text_folding.hpp"
#include "services/text/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace darkroom {

namespace {

constexpr char32_t word_mark = 0x2581; // stands for a space
constexpr uint32_t reserved = 6;       // ids that never result from a text

} // namespace

result<sentence_tokenizer> sentence_tokenizer::load(const std::string& path) {
  std::ifstream file(path);
  auto entries = nlohmann::json::parse(file, nullptr, false);
  if (!entries.is_array() || entries.size() <= reserved)
    return fail(ec::bad_config, "'" + path
                                  + "' is not a vocabulary: run "
                                    "deploy/fetch-models again");
  sentence_tokenizer made;
  for (auto& entry : entries) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string())
      return fail(ec::bad_config, "'" + path + "' has a malformed entry at "
                                    + std::to_string(made.lengths_.size()));
    auto text = to_code_points(entry[0].get_ref<const std::string&>());
    auto id = static_cast<uint32_t>(made.lengths_.size());
    made.lengths_.push_back(text.size());
    if (id < reserved)
      continue;
    auto score = entry[1].is_number() ? entry[1].get<float>() : 0.0f;
    made.longest_ = std::max(made.longest_, text.size());
    made.pieces_[std::move(text)] = {id, score};
  }
  return made;
}

std::vector<uint32_t> sentence_tokenizer::encode(std::string_view text) const {
  auto symbols = fold_compatible(text);
  if (symbols.empty())
    return {};
  std::replace(symbols.begin(), symbols.end(), U' ', word_mark);
  symbols.insert(symbols.begin(), word_mark);
  // best[i] is the score of the best cut of the first i symbols; last[i] is the
  // id of its last piece. 0 also means "not reached yet", like in the
  // reference.
  std::vector<float> best(symbols.size() + 1, 0.0f);
  std::vector<uint32_t> last(symbols.size() + 1, 0);
  for (size_t from = 0; from < symbols.size(); ++from) {
    auto offer = [&](size_t to, const piece& x) {
      auto score = best[from] + x.score;
      if (best[to] == 0 || score >= best[to]) {
        best[to] = score;
        last[to] = x.id;
      }
    };
    auto known = false;
    auto most = std::min(longest_, symbols.size() - from);
    for (size_t length = 1; length <= most; ++length) {
      auto found = pieces_.find(symbols.substr(from, length));
      if (found == pieces_.end())
        continue;
      known = true;
      offer(from + length, found->second);
    }
    if (!known)
      offer(from + 1, {});
  }
  std::vector<uint32_t> ids;
  for (auto at = symbols.size(); at > 0;) {
    auto id = last[at];
    if (id != 0 || ids.empty() || ids.back() != 0)
      ids.push_back(id);
    at -= std::min(at, id == 0 ? 1 : lengths_[id]);
  }
  std::reverse(ids.begin(), ids.end());
  return ids;
}

} // namespace darkroom
