#include "actors/lease_table.hpp"

#include <algorithm>

namespace darkroom {

std::string key_of(const std::string& job_id, const std::string& token) {
  return token + ' ' + job_id;
}

pool_entry* lease_table::entry_of(const caf::actor_addr& pool) {
  auto found = std::find_if(pools_.begin(), pools_.end(), [&](const auto& x) {
    return x.pool.address() == pool;
  });
  return found == pools_.end() ? nullptr : &*found;
}

void lease_table::join(const processor_pool_actor& pool,
                       const std::string& node, uint32_t slots) {
  if (auto* known = entry_of(pool.address()))
    known->slots = slots;
  else
    pools_.push_back({pool, node, slots, 0});
}

std::vector<std::string> lease_table::leave(const caf::actor_addr& pool) {
  std::vector<std::string> keys;
  for (auto& [key, x] : leases_) {
    if (x.holds_slot && x.pool.address() == pool) {
      x.holds_slot = false;
      keys.push_back(key);
    }
  }
  std::erase_if(pools_,
                [&](const auto& x) { return x.pool.address() == pool; });
  return keys;
}

std::vector<caf::actor_addr>
lease_table::pools_of(const std::string& node) const {
  std::vector<caf::actor_addr> out;
  for (const auto& x : pools_)
    if (x.node == node)
      out.push_back(x.pool.address());
  return out;
}

pool_entry* lease_table::freest() {
  auto free = [](const pool_entry& x) {
    return static_cast<int64_t>(x.slots) - x.used;
  };
  auto best = std::max_element(pools_.begin(), pools_.end(),
                               [&](const auto& a, const auto& b) {
                                 return free(a) < free(b);
                               });
  if (best == pools_.end() || free(*best) <= 0)
    return nullptr;
  return &*best;
}

uint32_t lease_table::slots() const {
  uint32_t sum = 0;
  for (const auto& x : pools_)
    sum += x.slots;
  return sum;
}

uint32_t lease_table::free_slots() const {
  uint32_t sum = 0;
  for (const auto& x : pools_)
    sum += x.slots - std::min(x.slots, x.used);
  return sum;
}

lease& lease_table::add(lease x) {
  if (auto* entry = entry_of(x.pool.address()))
    ++entry->used;
  auto key = key_of(x.work.id, x.work.token);
  return leases_.insert_or_assign(std::move(key), std::move(x)).first->second;
}

lease* lease_table::find(const std::string& key) {
  auto found = leases_.find(key);
  return found == leases_.end() ? nullptr : &found->second;
}

lease* lease_table::find(const std::string& job_id, const std::string& token) {
  return find(key_of(job_id, token));
}

void lease_table::free_slot(lease& x) {
  if (!x.holds_slot)
    return;
  x.holds_slot = false;
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
