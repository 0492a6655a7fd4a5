#include "services/vector/vector_index.hpp"

#include "services/catalog/catalog_reader.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace darkroom {

namespace {

using matrix
  = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Scales a vector to L2 norm 1.
result<Eigen::VectorXf> unit(const std::vector<float>& from) {
  Eigen::VectorXf vector = Eigen::Map<const Eigen::VectorXf>(
    from.data(), static_cast<Eigen::Index>(from.size()));
  auto norm = vector.size() ? vector.norm() : 0.0f;
  if (!std::isfinite(norm) || norm <= 0)
    return fail(ec::bad_input, "a vector of " + std::to_string(from.size())
                                 + " floats has no direction: it is empty, "
                                   "zero or not finite");
  vector /= norm;
  return vector;
}

} // namespace

/// All vectors of one model.
struct vector_index::shelf {
  explicit shelf(Eigen::Index dimensions) : rows(0, dimensions) {}

  status check(const std::string& model, size_t size) const {
    if (static_cast<Eigen::Index>(size) == rows.cols())
      return ok;
    return fail(ec::bad_input, "vectors of model '" + model + "' have "
                                 + std::to_string(rows.cols())
                                 + " floats, this one has "
                                 + std::to_string(size));
  }

  void put(const std::string& id, const Eigen::VectorXf& vector) {
    auto [found, added] = row_of.emplace(id, ids.size());
    if (added) {
      ids.push_back(id);
      if (static_cast<Eigen::Index>(ids.size()) > rows.rows())
        rows.conservativeResize(std::max<Eigen::Index>(64, rows.rows() * 2),
                                Eigen::NoChange);
    }
    rows.row(static_cast<Eigen::Index>(found->second)) = vector.transpose();
  }

  /// Fills the gap with the last row.
  bool remove(const std::string& id) {
    auto found = row_of.find(id);
    if (found == row_of.end())
      return false;
    auto gap = found->second;
    auto last = ids.size() - 1;
    row_of.erase(found);
    if (gap != last) {
      ids[gap] = ids[last];
      rows.row(static_cast<Eigen::Index>(gap))
        = rows.row(static_cast<Eigen::Index>(last)).eval();
      row_of[ids[gap]] = gap;
    }
    ids.pop_back();
    return true;
  }

  matrix rows; ///< may be more than are used; each used row has L2 norm 1
  std::vector<std::string> ids; ///< one per used row
  std::unordered_map<std::string, size_t> row_of;
};

vector_index::vector_index() = default;
vector_index::vector_index(vector_index&&) noexcept = default;
vector_index::~vector_index() = default;

result<size_t> vector_index::load(catalog_reader& from) {
  size_t left_out = 0;
  auto take = [this, &left_out](const stored_vector& x) {
    if (auto done = upsert(x.id, x.model, x.vector); !done)
      ++left_out;
  };
  if (auto done = from.each_vector(take); !done)
    return std::move(done.error());
  return left_out;
}

status vector_index::upsert(const std::string& id, const std::string& model,
                            const std::vector<float>& vector) {
  auto row = unit(vector);
  if (!row)
    return std::move(row.error());
  auto& target = shelves_[model];
  if (!target || target->ids.empty())
    target = std::make_unique<shelf>(row->size());
  if (auto fits = target->check(model, vector.size()); !fits)
    return fits;
  if (auto old = shelf_of(id); old && old != target.get())
    old->remove(id);
  target->put(id, *row);
  return ok;
}

bool vector_index::remove(const std::string& id) {
  auto found = shelf_of(id);
  return found && found->remove(id);
}

result<std::vector<search_hit>>
vector_index::search(const std::string& model, const std::vector<float>& vector,
                     size_t k) const {
  auto query = unit(vector);
  if (!query)
    return std::move(query.error());
  auto found = shelves_.find(model);
  if (found == shelves_.end() || found->second->ids.empty())
    return std::vector<search_hit>{};
  auto& from = *found->second;
  if (auto fits = from.check(model, vector.size()); !fits)
    return std::move(fits.error());
  auto count = from.ids.size();
  Eigen::VectorXf scores = from.rows.topRows(static_cast<Eigen::Index>(count))
                           * *query;
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  auto best = order.begin() + static_cast<ptrdiff_t>(std::min(k, count));
  std::partial_sort(order.begin(), best, order.end(), [&](auto a, auto b) {
    auto x = scores[static_cast<Eigen::Index>(a)];
    auto y = scores[static_cast<Eigen::Index>(b)];
    return x != y ? x > y : from.ids[a] < from.ids[b];
  });
  std::vector<search_hit> hits;
  for (auto at = order.begin(); at != best; ++at)
    hits.push_back({from.ids[*at], scores[static_cast<Eigen::Index>(*at)]});
  return hits;
}

size_t vector_index::size() const {
  size_t sum = 0;
  for (auto& [model, from] : shelves_)
    sum += from->ids.size();
  return sum;
}

vector_index::shelf* vector_index::shelf_of(const std::string& id) {
  for (auto& [model, from] : shelves_)
    if (from->row_of.count(id))
      return from.get();
  return nullptr;
}

} // namespace darkroom
