#include "services/embedding/sentence_encoder.hpp"

#include "services/embedding/normalise.hpp"
#include "services/embedding/sentence_tokenizer.hpp"
#include "services/embedding/tfjs_weights.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace darkroom {

namespace {

// The sizes of the graph; tensors of another shape are refused.
constexpr Eigen::Index pieces = 8002;
constexpr Eigen::Index piece_width = 256;
constexpr Eigen::Index width = 512;
constexpr Eigen::Index inner_width = 1536;
constexpr Eigen::Index heads = 4;
constexpr size_t max_pieces = 256; // attention costs the square of it
constexpr float norm_epsilon = 1e-6f;

using matrix = weight_matrix; // one row per piece

/// Rows scaled to mean 0 and variance 1, then by the learned factors.
matrix layer_norm(const matrix& x, const matrix& scale, const matrix& bias) {
  matrix y(x.rows(), x.cols());
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    auto centred = (x.row(i).array() - x.row(i).mean()).eval();
    auto factor = 1 / std::sqrt(centred.square().mean() + norm_epsilon);
    y.row(i) = centred * factor * scale.array() + bias.array();
  }
  return y;
}

matrix linear(const matrix& x, const matrix& weight, const matrix& bias) {
  matrix y = x * weight;
  y.rowwise() += bias.row(0);
  return y;
}

/// Multi-head attention; `qkv` holds queries, keys and values side by side.
matrix attend(const matrix& qkv) {
  auto depth = qkv.cols() / 3;
  auto each = depth / heads;
  auto scale = 1 / std::sqrt(static_cast<float>(each));
  matrix mixed(qkv.rows(), depth);
  for (Eigen::Index head = 0; head < heads; ++head) {
    auto query = qkv.middleCols(head * each, each);
    auto key = qkv.middleCols(depth + head * each, each);
    auto value = qkv.middleCols(2 * depth + head * each, each);
    matrix weight = query * key.transpose() * scale;
    for (Eigen::Index i = 0; i < weight.rows(); ++i) {
      auto top = weight.row(i).maxCoeff();
      weight.row(i) = (weight.row(i).array() - top).exp();
      weight.row(i) /= weight.row(i).sum();
    }
    mixed.middleCols(head * each, each) = weight * value;
  }
  return mixed;
}

/// A weight and its place in the file.
struct slot {
  matrix* into;
  std::string piece;
  Eigen::Index rows;
  Eigen::Index columns;
};

struct layer {
  matrix norm_scale, norm_bias, qkv, qkv_bias, out, out_bias;
  matrix widen, widen_bias; ///< only in the first layer: 256 to 512 columns
  matrix inner_scale, inner_bias, up, up_bias, down, down_bias;

  std::vector<slot> slots(int index) {
    auto in = index == 0 ? piece_width : width;
    auto at = "Layer_" + std::to_string(index) + "/TransformerLayer/";
    auto norm = std::string("layer_prepostprocess/layer_norm/layer_norm_");
    auto heads_at = at + "MultiheadAttention/";
    std::vector<slot> all{
      {&norm_scale, at + norm + "scale", 1, in},
      {&norm_bias, at + norm + "bias", 1, in},
      {&qkv, heads_at + "qkv_transform_single/kernel", in, 3 * in},
      {&qkv_bias, heads_at + "qkv_transform_single/bias", 1, 3 * in},
      {&out, heads_at + "output_transform_single/kernel", in, width},
      {&out_bias, heads_at + "output_transform_single/bias", 1, width},
      {&inner_scale, at + "FFN/" + norm + "scale", 1, width},
      {&inner_bias, at + "FFN/" + norm + "bias", 1, width},
      {&up, at + "FFN/conv1/Tensordot/Reshape_1", width, inner_width},
      {&up_bias, at + "FFN/conv1/bias", 1, inner_width},
      {&down, at + "FFN/conv2/Tensordot/Reshape_1", inner_width, width},
      {&down_bias, at + "FFN/conv2/bias", 1, width}};
    if (index == 0) {
      all.push_back({&widen, at + "dense/kernel", in, width});
      all.push_back({&widen_bias, at + "dense/bias", 1, width});
    }
    return all;
  }

  matrix run(const matrix& x) const {
    auto normed = layer_norm(x, norm_scale, norm_bias);
    auto mixed = linear(attend(linear(normed, qkv, qkv_bias)), out, out_bias);
    matrix y = mixed + (widen.size() ? linear(x, widen, widen_bias) : x);
    matrix inner = linear(layer_norm(y, inner_scale, inner_bias), up, up_bias);
    inner = inner.cwiseMax(0.0f);
    y += linear(inner, down, down_bias);
    return y;
  }
};

} // namespace

struct sentence_encoder::network {
  sentence_tokenizer tokenizer;
  matrix embeddings, frequencies, last, last_bias;
  std::array<layer, 2> layers;

  std::vector<slot> slots() {
    std::vector<slot> all{
      {&embeddings, "module/Embeddings_en", pieces, piece_width},
      {&frequencies, "TimingSignal/ExpandDims_1", 1, piece_width / 2},
      {&last, "tanh_layer_0/weights", width, width},
      {&last_bias, "tanh_layer_0/bias", 1, width}};
    for (auto i : {0, 1})
      for (auto& x : layers[static_cast<size_t>(i)].slots(i))
        all.push_back(x);
    return all;
  }

  /// One row per piece: its embedding plus its position.
  matrix input(const std::vector<uint32_t>& ids) const {
    auto half = piece_width / 2;
    matrix x(static_cast<Eigen::Index>(ids.size()), piece_width);
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      auto place = (frequencies * static_cast<float>(i)).array().eval();
      // The graph adds the embedding twice. Without that, the cosine to the
      // reference falls below 0.82.
      x.row(i) = 2 * embeddings.row(ids[static_cast<size_t>(i)]);
      x.row(i).head(half).array() += place.sin();
      x.row(i).tail(half).array() += place.cos();
    }
    return x;
  }

  std::vector<float> run(const std::vector<uint32_t>& ids) const {
    auto x = input(ids);
    for (auto& step : layers)
      x = step.run(x);
    matrix mean = x.colwise().mean();
    matrix out = linear(mean, last, last_bias).array().tanh();
    return {out.data(), out.data() + out.size()};
  }
};

result<std::unique_ptr<sentence_encoder>>
sentence_encoder::load(const std::string& folder) {
  auto tokenizer = sentence_tokenizer::load(folder + "/vocab.json");
  if (!tokenizer)
    return std::move(tokenizer.error());
  auto weights = tfjs_weights::load(folder);
  if (!weights)
    return std::move(weights.error());
  auto made = std::make_unique<network>();
  if (tokenizer->size() > static_cast<size_t>(pieces))
    return fail(ec::bad_config,
                "the vocabulary in '" + folder + "' is larger than its model");
  made->tokenizer = std::move(*tokenizer);
  for (auto& x : made->slots()) {
    auto found = weights->find(x.piece, x.rows, x.columns);
    if (!found)
      return std::move(found.error());
    *x.into = std::move(*found);
  }
  return std::unique_ptr<sentence_encoder>(
    new sentence_encoder(std::move(made)));
}

sentence_encoder::sentence_encoder(std::unique_ptr<network> made)
  : network_(std::move(made)) {}

sentence_encoder::~sentence_encoder() = default;

const std::string& sentence_encoder::model() const {
  return model_;
}

uint32_t sentence_encoder::dimensions() const {
  return static_cast<uint32_t>(width);
}

result<std::vector<float>> sentence_encoder::embed(const std::string& text,
                                                   const std::atomic<bool>*) {
  auto ids = network_->tokenizer.encode(text);
  if (ids.size() > max_pieces)
    ids.resize(max_pieces);
  auto vector = ids.empty() ? std::vector<float>() : network_->run(ids);
  if (!normalise(vector))
    return fail(ec::bad_input, "there is no word to embed in a text of "
                                 + std::to_string(text.size()) + " bytes");
  return vector;
}

} // namespace darkroom
