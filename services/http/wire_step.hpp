/// The operations of a wire. Only wire.hpp includes this header.
#pragma once

#include "services/http/wire.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>

namespace darkroom {

/// Tries until it is done, and waits for the socket between. Never completes
/// within the call that starts it, as Asio demands.
template <class Try>
class wire_step {
public:
  wire_step(wire& on, Try attempt) : wire_(on), try_(std::move(attempt)) {
    ++wire_.waiting_;
  }

  template <class Self>
  void operator()(Self& self, boost::system::error_code failed = {}) {
    if (failed)
      got_.failed = failed;
    else if (!is_done_)
      got_ = try_();
    auto& socket = wire_.socket_;
    auto is_start = std::exchange(is_started_, true) == false;
    if (!got_.failed && got_.next) {
      auto what = *got_.next;
      return socket.async_wait(what, std::move(self));
    }
    is_done_ = true;
    if (is_start)
      return boost::asio::post(socket.get_executor(), std::move(self));
    --wire_.waiting_;
    self.complete(got_.failed, got_.moved);
  }

private:
  wire& wire_;
  Try try_;
  wire::attempt got_;
  bool is_started_ = false;
  bool is_done_ = false;
};

template <class Token>
wire::result_of<Token>
wire::async_secure(const server_tls& with, Token&& token) {
  auto attempt = [this, &with] {
    return try_secure(with);
  };
  return boost::asio::async_compose<Token, void(error_code, size_t)>(
    wire_step<decltype(attempt)>{*this, attempt}, token, socket_);
}

template <class Buffers, class Token>
wire::result_of<Token>
wire::async_read_some(const Buffers& into, Token&& token) {
  mutable_buffer first;
  auto end = boost::asio::buffer_sequence_end(into);
  for (auto i = boost::asio::buffer_sequence_begin(into);
       i != end && first.size() == 0; ++i)
    first = *i;
  auto attempt = [this, first] {
    return try_read(first);
  };
  return boost::asio::async_compose<Token, void(error_code, size_t)>(
    wire_step<decltype(attempt)>{*this, attempt}, token, socket_);
}

template <class Buffers, class Token>
wire::result_of<Token>
wire::async_write_some(const Buffers& from, Token&& token) {
  pieces first;
  size_t count = 0;
  auto end = boost::asio::buffer_sequence_end(from);
  for (auto i = boost::asio::buffer_sequence_begin(from);
       i != end && count < first.size(); ++i)
    if (const_buffer one{*i}; one.size() > 0)
      first[count++] = one;
  auto attempt = [this, first] {
    return try_write(first);
  };
  return boost::asio::async_compose<Token, void(error_code, size_t)>(
    wire_step<decltype(attempt)>{*this, attempt}, token, socket_);
}

} // namespace darkroom
