#include "actors/kept_results.hpp"

#include <utility>

namespace darkroom {

void kept_results::keep_early(const std::string& key, outcome result) {
  early_.emplace(key, std::move(result));
}

std::optional<outcome> kept_results::take_early(const std::string& key) {
  auto found = early_.extract(key);
  if (found.empty())
    return std::nullopt;
  return std::move(found.mapped());
}

void kept_results::begin_commit() {
  ++committing_;
}

void kept_results::end_commit() {
  --committing_;
  is_catalog_away_ = false;
}

void kept_results::lose_commit() {
  --committing_;
  is_catalog_away_ = committing_ + uncommitted_.size() > 0;
}

void kept_results::keep_uncommitted(outcome result) {
  uncommitted_.push_back(std::move(result));
}

std::vector<outcome> kept_results::take_uncommitted() {
  return std::exchange(uncommitted_, {});
}

bool kept_results::are_held_up() const {
  return is_catalog_away_
         && early_.size() + committing_ + uncommitted_.size() > 0;
}

void kept_results::begin_note() {
  ++telling_;
}

void kept_results::end_note() {
  --telling_;
}

void kept_results::keep_untold(part_note what) {
  untold_.push_back(std::move(what));
}

std::vector<part_note> kept_results::take_untold() {
  return std::exchange(untold_, {});
}

bool kept_results::is_all_told() const {
  return telling_ == 0 && untold_.empty();
}

} // namespace darkroom
