#include "services/http/sse_core.hpp"

#include "services/http/sse_client.hpp"
#include "services/process/guarded_thread.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace darkroom {

namespace net = boost::asio;
using boost::system::error_code;

sse_core::sse_core(const http_settings& settings)
  : settings_(settings),
    ring_(settings.replay_events, settings.sse_buffer_bytes,
          settings.sse_progress_interval) {}

sse_core::~sse_core() = default;

void sse_core::publish(sse_event event) {
  ring_.push(std::move(event), clock::now(), !is_ready_);
  ++events_;
  wake();
}

void sse_core::restart() {
  ring_.restart();
  wake();
}

void sse_core::lose() {
  ring_.lose();
  wake();
}

void sse_core::ready() {
  if (!is_ready_.exchange(true))
    wake();
}

void sse_core::show(std::string members) {
  std::lock_guard guard{mutex_};
  snapshot_ = std::move(members);
}

std::pair<uint64_t, int64_t> sse_core::newest() const {
  return ring_.newest();
}

/// Has the I/O thread send what is new.
void sse_core::wake() {
  std::lock_guard guard{mutex_};
  if (io_ && !scheduled_) {
    scheduled_ = true;
    net::post(*io_, guarded("the event stream",
                            [self = shared_from_this()] { self->schedule(); }));
  }
}

/// The data of a client's first frame. Who may see some images only, which a
/// scoped token makes a filter of, is told nothing about the others' jobs.
std::string sse_core::hello(const sse_filter& wanted) const {
  auto out = R"({"id":")" + ring_.newest_id() + '"';
  std::lock_guard guard{mutex_};
  if (wanted.image_ids.empty() && !snapshot_.empty())
    out += ',' + snapshot_;
  return out + '}';
}

sse_counters sse_core::counters() const {
  return {live_, events_, dropped_, kicked_, refused_};
}

void sse_core::attach(net::io_context& io) {
  flush_timer_ = std::make_unique<net::steady_timer>(io);
  sweep_timer_ = std::make_unique<net::steady_timer>(io);
  flushed_to_ = ring_.end();
  {
    std::lock_guard guard{mutex_};
    io_ = &io;
    scheduled_ = false;
  }
  sweep();
}

void sse_core::detach() {
  {
    std::lock_guard guard{mutex_};
    io_ = nullptr;
  }
  for (auto& client : clients_)
    client->close();
  clients_.clear();
  live_ = 0;
  flush_timer_.reset();
  sweep_timer_.reset();
}

bool sse_core::admit(const net::ip::address& from, bool is_limited) {
  auto own = std::count_if(clients_.begin(), clients_.end(),
                           [&](auto& x) { return x->from() == from; });
  if (clients_.size() < settings_.max_sse_clients
      && (!is_limited || own < settings_.max_connections_per_address))
    return true;
  ++refused_;
  return false;
}

void sse_core::accept(wire connection, const net::ip::address& from,
                      const http_request& request,
                      std::function<bool()> may_go_on) {
  auto client = std::make_shared<sse_client>(*this, std::move(connection), from,
                                             sse_request{request},
                                             std::move(may_go_on));
  clients_.insert(client);
  ++live_;
  client->start();
}

void sse_core::schedule() {
  if (!flush_timer_)
    return;
  if (clock::now() >= next_flush_)
    return flush();
  flush_at(next_flush_);
}

void sse_core::flush_at(clock::time_point time) {
  flush_timer_->expires_at(time);
  flush_timer_->async_wait(
    guarded("the event stream", [self = shared_from_this()](error_code failed) {
      if (!failed && self->flush_timer_)
        self->flush();
    }));
}

void sse_core::flush() {
  {
    std::lock_guard guard{mutex_};
    scheduled_ = false;
  }
  auto begin = clock::now();
  auto due = ring_.release(begin);
  flushed_to_ = ring_.end();
  for (auto& client : clients_)
    client->pump();
  auto end = clock::now();
  next_flush_ = end + (end - begin);
  if (due) // progress that is held back; newer events may come before
    flush_at(std::max(*due, next_flush_));
}

void sse_core::sweep() {
  if (!sweep_timer_)
    return;
  auto now = clock::now();
  auto keepalive = settings_.sse_keepalive;
  auto write_timeout = settings_.sse_write_timeout;
  for (auto i = clients_.begin(); i != clients_.end();) {
    if ((*i)->check(now, keepalive, write_timeout)) {
      ++i;
      continue;
    }
    (*i)->close();
    i = clients_.erase(i);
    --live_;
    ++kicked_;
  }
  auto shortest
    = std::min({keepalive / 4, write_timeout / 4, milliseconds{1000}});
  sweep_timer_->expires_after(std::max(shortest, milliseconds{5}));
  sweep_timer_->async_wait(
    guarded("the event stream", [self = shared_from_this()](error_code failed) {
      if (!failed)
        self->sweep();
    }));
}

} // namespace darkroom
