/// What keys do to the screen of `darkroom top`.
#include "nodes/commands/top_screen.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

void top_screen::open(view x) {
  now_ = x;
  at_ = sort_ = 0;
  is_reversed_ = false;
}

std::string top_screen::selected_id() const {
  if (now_ == view::job)
    return job_;
  auto rows = sorted_table().rows;
  return at_ < rows.size() ? rows[at_].id : std::string{};
}

void top_screen::look_into() {
  auto id = selected_id();
  if (id.empty() || now_ == view::job)
    return;
  auto is_node = now_ == view::nodes;
  before_.push_back(now_);
  (is_node ? node_ : job_) = id;
  open(is_node ? view::node : view::job);
}

void top_screen::move(int by) {
  if (by < 0)
    at_ -= std::min<size_t>(at_, 1);
  else
    ++at_; // `frame` knows where the end is
}

void top_screen::ask_to_cancel() {
  auto is_job = now_ != view::nodes && now_ != view::failed;
  auto id = is_job ? selected_id() : std::string{};
  if (id.empty())
    message_ = "choose a running or waiting job to cancel";
  else
    doomed_ = id;
}

top_deed top_screen::press(const std::string& key) {
  top_deed out;
  message_.clear();
  if (auto id = std::exchange(doomed_, {}); !id.empty()) {
    if (key == "y" || key == "Y")
      out.cancels = id;
    else
      message_ = "nothing was cancelled";
    return out;
  }
  if (std::exchange(has_help_, false))
    return out;
  if (key == "q" || key == "\x03") {
    out.leaves = true;
  } else if (key.size() == 1 && key[0] >= '1' && key[0] <= '4') {
    before_.clear();
    open(static_cast<view>(key[0] - '1'));
  } else if (key == key_up || key == "k") {
    move(-1);
  } else if (key == key_down || key == "j") {
    move(1);
  } else if (key == key_enter) {
    look_into();
  } else if ((key == key_escape || key == "\x7f") && !before_.empty()) {
    open(before_.back());
    before_.pop_back();
  } else if (key == "s" && now_ != view::job) {
    sort_ = (sort_ + 1) % (table_of(now_).columns.size() + 1);
  } else if (key == "r") {
    is_reversed_ = !is_reversed_;
  } else if (key == "c") {
    ask_to_cancel();
  } else if (key == "?" || key == "h") {
    has_help_ = true;
  }
  return out;
}

} // namespace darkroom
