/// Cuts text into the pieces that the sentence encoder was trained on
/// (SentencePiece, unigram model).
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace darkroom {

/// Immutable once loaded, hence thread-safe.
class sentence_tokenizer {
public:
  /// Reads `vocab.json`: an array of [piece, log probability]. The place of a
  /// piece in the array is its id. Id 0 means "unknown"; 1 to 5 are reserved.
  static result<sentence_tokenizer> load(const std::string& path);

  /// The ids of the pieces that make the text most probable (Viterbi); empty
  /// for empty text. A row of unknown characters gives a single 0.
  std::vector<uint32_t> encode(std::string_view text) const;

  size_t size() const {
    return lengths_.size();
  }

private:
  struct piece {
    uint32_t id = 0;
    float score = 0;
  };

  std::unordered_map<std::u32string, piece> pieces_;
  std::vector<size_t> lengths_; ///< in code points, by id
  size_t longest_ = 0;          ///< in code points
};

} // namespace darkroom
