#include "services/embedding/ngram_embedder.hpp"

#include "services/embedding/normalise.hpp"
#include "services/embedding/text_folding.hpp"

#include <cmath>
#include <map>
#include <string_view>

namespace darkroom {

namespace {

constexpr uint32_t size = 512;
constexpr float word_weight = 1.0f;
constexpr float pair_weight = 0.5f; // for two words in a row
constexpr float gram_weight = 0.3f; // for 3 to 4 characters: "cat", "cats"

/// FNV-1a, 64 bit. Unlike std::hash, it never changes.
uint64_t hash_of(std::string_view text, uint64_t seed) {
  auto value = 14695981039346656037ull ^ seed;
  for (unsigned char c : text)
    value = (value ^ c) * 1099511628211ull;
  return value ^ (value >> 29);
}

/// Sums n-grams. A hash picks the place and the sign, so that different n-grams
/// which share a place cancel out on average.
class gram_sum {
public:
  void add(std::string_view gram, uint64_t kind, float weight) {
    auto hash = hash_of(gram, kind);
    counts_[hash] += weight;
  }

  /// Repeated n-grams count less than proportionally.
  std::vector<float> vector() const {
    std::vector<float> sums(size);
    for (auto [hash, weight] : counts_)
      sums[hash % size] += std::sqrt(weight)
                           * ((hash >> 40) & 1 ? 1.0F : -1.0F);
    return sums;
  }

private:
  std::map<uint64_t, float> counts_; ///< ordered, so sums are always the same
};

} // namespace

const std::string& ngram_embedder::model() const {
  return model_;
}

uint32_t ngram_embedder::dimensions() const {
  return size;
}

result<std::vector<float>> ngram_embedder::embed(const std::string& text,
                                                 const std::atomic<bool>*) {
  gram_sum grams;
  std::string before;
  for (auto& word : fold_words(text)) {
    grams.add(word, 1, word_weight);
    if (!before.empty())
      grams.add(before + " " + word, 2, pair_weight);
    auto framed = "<" + word + ">";
    for (size_t length : {3, 4})
      for (size_t at = 0; at + length <= framed.size(); ++at)
        grams.add(std::string_view(framed).substr(at, length), length,
                  gram_weight);
    before = word;
  }
  auto vector = grams.vector();
  if (!normalise(vector))
    return fail(ec::bad_input, "there is no word to embed in a text of "
                                 + std::to_string(text.size()) + " bytes");
  return vector;
}

} // namespace darkroom
