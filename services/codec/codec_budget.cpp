#include "services/codec/codec_budget.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

namespace darkroom {

codec_budget::codec_budget(codec_capacity capacity)
  : capacity_(capacity),
    free_cores_(std::max(capacity.cores, 1u)) {}

// Precondition: the mutex is held.
void codec_budget::grant() {
  auto memory_is_asked = false; // by an older picture, which waits for it
  for (auto* x : by_age_) {
    auto got = false;
    if (x->wanted_memory_ > 0) {
      auto fits = capacity_.memory_bytes == 0 || used_memory_ == 0
                  || used_memory_ + x->wanted_memory_ <= capacity_.memory_bytes;
      if (fits && !memory_is_asked) {
        used_memory_ += x->wanted_memory_;
        x->memory_ += std::exchange(x->wanted_memory_, 0);
        got = true;
      } else {
        memory_is_asked = true;
      }
    }
    if (auto cores = std::min(free_cores_, x->wanted_cores_); cores > 0) {
      free_cores_ -= cores;
      x->wanted_cores_ -= cores;
      x->cores_ += cores;
      got = true;
    }
    if (got)
      x->tell();
  }
}

codec_budget::share::share(std::shared_ptr<codec_budget> budget)
  : budget_(std::move(budget)),
    ready_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (ready_fd_ < 0)
    throw std::runtime_error(std::string{"cannot make an eventfd: "}
                             + std::strerror(errno));
  std::lock_guard guard{budget_->mutex_};
  budget_->by_age_.push_back(this);
}

codec_budget::share::~share() {
  {
    std::lock_guard guard{budget_->mutex_};
    budget_->by_age_.remove(this);
    budget_->free_cores_ += cores_;
    budget_->used_memory_ -= memory_;
    budget_->grant();
  }
  ::close(ready_fd_);
}

void codec_budget::share::want_memory(uint64_t bytes) {
  std::lock_guard guard{budget_->mutex_};
  wanted_memory_ = bytes;
  budget_->grant();
}

bool codec_budget::share::has_memory() const {
  std::lock_guard guard{budget_->mutex_};
  return wanted_memory_ == 0;
}

void codec_budget::share::want_cores(uint32_t count) {
  std::lock_guard guard{budget_->mutex_};
  wanted_cores_ = count;
  budget_->grant();
}

uint32_t codec_budget::share::cores() const {
  std::lock_guard guard{budget_->mutex_};
  return cores_;
}

void codec_budget::share::give_back_cores(uint32_t count) {
  std::lock_guard guard{budget_->mutex_};
  assert(cores_ >= count);
  cores_ -= count;
  budget_->free_cores_ += count;
  budget_->grant();
}

bool codec_budget::share::is_contended() const {
  std::lock_guard guard{budget_->mutex_};
  for (const auto* x : budget_->by_age_)
    if (x != this && (x->wanted_cores_ > 0 || x->wanted_memory_ > 0))
      return true;
  return false;
}

void codec_budget::share::clear() {
  eventfd_t ignored = 0;
  ::eventfd_read(ready_fd_, &ignored);
}

void codec_budget::share::tell() const {
  ::eventfd_write(ready_fd_, 1);
}

} // namespace darkroom
