#include "services/search/picture_search.hpp"

#include "services/catalog/words.hpp"
#include "services/search/rank_fusion.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace darkroom {

namespace {

/// Hits of each list. It does not depend on the page, as the order of fused
/// lists depends on their length.
constexpr size_t depth = 1000;

/// Pictures less similar than that have nothing to do with the query: texts
/// without a common word or meaning have cosines around 0 in the local spaces.
constexpr float least_similarity = 0.1f;

constexpr size_t most_of_group = 100;

std::vector<std::string> ids_of(const std::vector<search_hit>& hits) {
  std::vector<std::string> out;
  out.reserve(hits.size());
  for (const auto& x : hits)
    out.push_back(x.id);
  return out;
}

/// The part of a list that a page shows.
template <class T>
std::vector<T> cut(const std::vector<T>& all, page_bounds page) {
  auto size = static_cast<int64_t>(all.size());
  auto first = std::min(page.offset, size);
  auto last = first + std::min(page.limit, size - first);
  return {all.begin() + first, all.begin() + last};
}

picture_hit hit_of(std::string id, double score) {
  picture_hit out;
  out.image.id = std::move(id);
  out.score = score;
  return out;
}

} // namespace

picture_search::picture_search(catalog_reader catalog,
                               embedding_settings embedding,
                               desk_maker make_desk)
  : catalog_(std::move(catalog)),
    embedder_(std::move(embedding), std::move(make_desk)),
    index_(catalog_) {}

result<search_page> picture_search::find(const std::string& text,
                                         image_filter filter,
                                         page_bounds page) {
  search_page out;
  filter.words = any_word_of(text);
  auto by_words = catalog_.best_by_words(filter, depth);
  if (!by_words)
    return std::move(by_words.error());
  auto texts = catalog_.count_texts();
  if (!texts)
    return std::move(texts.error());
  out.searched.texts = *texts;
  status failed = ok;
  auto near = near_text(text, filter, out.searched, failed);
  if (!failed)
    return std::move(failed.error());
  auto all = fuse_ranks({*by_words, ids_of(near)});
  out.total = static_cast<int64_t>(all.size());
  std::vector<picture_hit> wanted;
  for (auto& x : cut(all, page)) {
    auto hit = hit_of(std::move(x.id), x.score);
    hit.word_rank = x.ranks[0];
    if (x.ranks[1] > 0)
      hit.similarity = near[x.ranks[1] - 1].score;
    wanted.push_back(std::move(hit));
  }
  auto hits = read(std::move(wanted));
  if (!hits)
    return std::move(hits.error());
  out.hits = std::move(*hits);
  return out;
}

/// @param filter with the words of the text
/// @param failed gets the errors of the catalog. Those of the embedder only
///   become a note
std::vector<search_hit>
picture_search::near_text(const std::string& text, const image_filter& filter,
                          searched_for& searched, status& failed) {
  auto state = catalog_.state();
  if (!state) {
    failed = std::move(state.error());
    return {};
  }
  searched.space = state->space;
  if (state->space.model.empty()) {
    searched.note = "no picture has a vector yet";
    return {};
  }
  std::vector<float> vector;
  if (filter.words.empty()) {
    searched.note = "the query has neither letters nor digits";
  } else if (auto made = embedder_.embed(text, state->space)) {
    vector = std::move(*made);
  } else {
    searched.note = "only words were searched: " + made.error().context;
  }
  auto hits = near(vector, filter, searched);
  if (!hits) {
    failed = std::move(hits.error());
    return {};
  }
  return std::move(*hits);
}

/// Searches the index; without a vector, it only tells what there is.
result<std::vector<search_hit>>
picture_search::near(const std::vector<float>& vector,
                     const image_filter& filter, searched_for& searched) {
  std::unordered_set<std::string> allowed;
  vector_index::id_filter keeps;
  if (is_narrow(filter)) {
    auto ids = catalog_.ids(filter);
    if (!ids)
      return std::move(ids.error());
    allowed = {ids->begin(), ids->end()};
    searched.allowed = static_cast<int64_t>(allowed.size());
    keeps = [&allowed](const std::string& id) {
      return allowed.count(id) > 0;
    };
  }
  std::lock_guard guard{mutex_};
  if (auto done = index_.refresh(); !done)
    return std::move(done.error());
  searched.vectors = static_cast<int64_t>(index_.vectors().size());
  if (vector.empty())
    return std::vector<search_hit>{};
  if (index_.space() != searched.space) {
    searched.space = index_.space();
    searched.note = "only words were searched: the space of the vectors has "
                    "just changed; ask again";
    return std::vector<search_hit>{};
  }
  auto hits = index_.vectors().search(vector, depth, keeps);
  if (hits)
    std::erase_if(*hits,
                  [](const auto& x) { return x.score < least_similarity; });
  return hits;
}

result<search_page> picture_search::like(const std::string& id,
                                         page_bounds page) {
  auto there = catalog_.image(id);
  if (!there)
    return std::move(there.error());
  search_page out;
  std::vector<float> vector;
  {
    std::lock_guard guard{mutex_};
    if (auto done = index_.refresh(); !done)
      return std::move(done.error());
    out.searched.space = index_.space();
    vector = index_.vectors().vector_of(id);
  }
  if (vector.empty())
    out.searched.note = "image '" + id + "' has no vector in the space yet";
  auto near = this->near(vector, {}, out.searched);
  if (!near)
    return std::move(near.error());
  std::erase_if(*near, [&id](const auto& x) { return x.id == id; });
  out.total = static_cast<int64_t>(near->size());
  std::vector<picture_hit> wanted;
  for (auto& x : cut(*near, page)) {
    wanted.push_back(hit_of(std::move(x.id), static_cast<double>(x.score)));
    wanted.back().similarity = x.score;
  }
  auto hits = read(std::move(wanted));
  if (!hits)
    return std::move(hits.error());
  out.hits = std::move(*hits);
  return out;
}

result<duplicate_page> picture_search::duplicates(uint32_t distance,
                                                  page_bounds page) {
  std::vector<hashed_image> pictures;
  auto listed = catalog_.each_hash(
    [&pictures](hashed_image x) { pictures.push_back(std::move(x)); });
  if (!listed)
    return std::move(listed.error());
  duplicate_page out;
  auto groups = find_duplicates(pictures, distance);
  out.pictures = static_cast<int64_t>(pictures.size());
  out.total = static_cast<int64_t>(groups.size());
  for (const auto& group : cut(groups, page)) {
    std::vector<picture_hit> wanted;
    std::unordered_map<std::string, uint32_t> distances;
    for (const auto& x : group) {
      if (wanted.size() == most_of_group)
        break;
      const auto& id = pictures[x.index].id;
      wanted.push_back(hit_of(id, 0));
      distances[id] = x.distance;
    }
    auto read_ones = read(std::move(wanted));
    if (!read_ones)
      return std::move(read_ones.error());
    duplicate_set set{
      std::move(*read_ones), {}, static_cast<int64_t>(group.size())};
    for (const auto& x : set.pictures)
      set.distances.push_back(distances[x.image.id]);
    out.groups.push_back(std::move(set));
  }
  return out;
}

/// Reads the images of hits; leaves out those that were deleted meanwhile.
result<std::vector<picture_hit>>
picture_search::read(std::vector<picture_hit> wanted) {
  std::vector<picture_hit> out;
  for (auto& x : wanted) {
    auto image = catalog_.image(x.image.id);
    if (!image && image.error().code != ec::not_found)
      return std::move(image.error());
    if (!image)
      continue;
    x.image = std::move(*image);
    out.push_back(std::move(x));
  }
  return out;
}

} // namespace darkroom
