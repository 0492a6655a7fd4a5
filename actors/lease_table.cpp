#include "actors/lease_table.hpp"

#include <algorithm>
#include <limits>

namespace darkroom {

namespace {

uint32_t free_of(const pool_entry& x) {
  return x.slots - std::min(x.slots, x.used);
}

/// How many job types a pool runs; an empty list means all.
size_t width_of(const std::vector<std::string>& job_types) {
  return job_types.empty() ? std::numeric_limits<size_t>::max()
                           : job_types.size();
}

} // namespace

pool_entry* lease_table::entry_of(const caf::actor_addr& pool) {
  auto found = std::find_if(pools_.begin(), pools_.end(), [&](const auto& x) {
    return x.pool.address() == pool;
  });
  return found == pools_.end() ? nullptr : &*found;
}

size_t lease_table::kind_of(std::vector<std::string> job_types) {
  std::sort(job_types.begin(), job_types.end());
  auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& x) {
    return x.job_types == job_types;
  });
  if (found == kinds_.end())
    found = kinds_.insert(found, {std::move(job_types), 0});
  return static_cast<size_t>(found - kinds_.begin());
}

void lease_table::join(const processor_pool_actor& pool,
                       const std::string& node, uint32_t slots,
                       std::vector<std::string> job_types) {
  auto kind = kind_of(std::move(job_types));
  if (auto* known = entry_of(pool.address())) {
    known->pool = pool;
    known->slots = slots;
    known->kind = kind;
  } else {
    pools_.push_back({pool, node, slots, 0, kind});
  }
}

std::vector<std::string> lease_table::leave(const caf::actor_addr& pool) {
  std::vector<std::string> keys;
  for (auto& [key, x] : leases_) {
    if (x.holds_slot && x.pool.address() == pool) {
      x.holds_slot = false;
      --holders_;
      keys.push_back(key);
    }
  }
  std::erase_if(pools_,
                [&](const auto& x) { return x.pool.address() == pool; });
  return keys;
}

std::string lease_table::node_of(const caf::actor_addr& pool) const {
  auto found = std::find_if(pools_.begin(), pools_.end(), [&](const auto& x) {
    return x.pool.address() == pool;
  });
  return found == pools_.end() ? std::string{} : found->node;
}

std::vector<caf::actor_addr>
lease_table::pools_of(const std::string& node) const {
  std::vector<caf::actor_addr> out;
  for (const auto& x : pools_)
    if (x.node == node)
      out.push_back(x.pool.address());
  return out;
}

bool lease_table::runs(size_t kind, const std::string& job_name) const {
  const auto& types = kinds_[kind].job_types;
  return types.empty()
         || std::binary_search(types.begin(), types.end(), job_name);
}

bool lease_table::is_run(const std::string& job_name) const {
  return std::any_of(pools_.begin(), pools_.end(),
                     [&](const auto& x) { return runs(x.kind, job_name); });
}

bool lease_table::has_room(const std::string& job_name) const {
  for (size_t i = 0; i < kinds_.size(); ++i)
    if (runs(i, job_name) && free_of_kind(i) > 0)
      return true;
  return false;
}

pool_entry* lease_table::freest(const std::string& job_name,
                                bool takes_unknown) {
  auto is_for_all = takes_unknown && !is_run(job_name);
  pool_entry* best = nullptr;
  for (auto& x : pools_) {
    if (free_of(x) == 0 || (!is_for_all && !runs(x.kind, job_name)))
      continue;
    if (best == nullptr) {
      best = &x;
      continue;
    }
    auto width = width_of(kinds_[x.kind].job_types);
    auto best_width = width_of(kinds_[best->kind].job_types);
    if (width < best_width
        || (width == best_width && free_of(x) > free_of(*best)))
      best = &x;
  }
  return best;
}

bool lease_table::is_uniform() const {
  return std::all_of(pools_.begin(), pools_.end(), [&](const auto& x) {
    return x.kind == pools_.front().kind;
  });
}

uint32_t lease_table::slots() const {
  uint32_t sum = 0;
  for (const auto& x : pools_)
    sum += x.slots;
  return sum;
}

uint32_t lease_table::free_of_kind(size_t kind) const {
  uint32_t free = 0;
  for (const auto& x : pools_)
    if (x.kind == kind)
      free += free_of(x);
  return free - std::min(free, kinds_[kind].reserved);
}

uint32_t lease_table::free_slots() const {
  uint32_t sum = 0;
  for (size_t i = 0; i < kinds_.size(); ++i)
    sum += free_of_kind(i);
  return sum;
}

reservation lease_table::reserve(uint32_t wanted) {
  reservation out(kinds_.size(), 0);
  for (size_t k = 0; k < kinds_.size(); ++k) {
    auto i = (first_kind_ + k) % kinds_.size();
    out[i] = std::min(free_of_kind(i), wanted);
    wanted -= out[i];
    kinds_[i].reserved += out[i];
  }
  ++first_kind_;
  return out;
}

void lease_table::release(const reservation& slots) {
  for (size_t i = 0; i < slots.size(); ++i)
    kinds_[i].reserved -= slots[i];
}

uint32_t lease_table::reserved() const {
  uint32_t sum = 0;
  for (const auto& x : kinds_)
    sum += x.reserved;
  return sum;
}

bool lease_table::has_slot(const reservation& slots,
                           const std::string& job_name) const {
  for (size_t i = 0; i < slots.size(); ++i)
    if (slots[i] > 0 && runs(i, job_name))
      return true;
  return false;
}

std::vector<slot_group> lease_table::groups(const reservation& slots) const {
  std::vector<slot_group> out;
  for (size_t i = 0; i < slots.size(); ++i)
    if (std::any_of(pools_.begin(), pools_.end(),
                    [&](const auto& x) { return x.kind == i; }))
      out.push_back({slots[i], kinds_[i].job_types});
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return width_of(a.job_types) < width_of(b.job_types);
  });
  return out;
}

lease& lease_table::add(lease x) {
  if (auto* entry = entry_of(x.pool.address()))
    ++entry->used;
  auto key = key_of(x.work.id, x.work.token);
  if (const auto* known = find(key); known != nullptr && known->holds_slot)
    --holders_;
  if (x.holds_slot)
    ++holders_;
  return leases_.insert_or_assign(std::move(key), std::move(x)).first->second;
}

lease* lease_table::find(const std::string& key) {
  auto found = leases_.find(key);
  return found == leases_.end() ? nullptr : &found->second;
}

lease* lease_table::find(const std::string& job_id, const std::string& token) {
  return find(key_of(job_id, token));
}

processor_pool_actor lease_table::present(const caf::actor_addr& pool) const {
  for (const auto& x : pools_)
    if (x.pool.address() == pool)
      return x.pool;
  return {};
}

void lease_table::free_slot(lease& x) {
  if (!x.holds_slot)
    return;
  x.holds_slot = false;
  --holders_;
  if (auto* entry = entry_of(x.pool.address()))
    --entry->used;
}

void lease_table::erase(const std::string& key) {
  auto found = leases_.find(key);
  if (found == leases_.end())
    return;
  free_slot(found->second);
  leases_.erase(found);
}

} // namespace darkroom
