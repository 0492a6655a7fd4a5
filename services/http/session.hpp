/// One HTTP connection. Internal to services/http.
#pragma once

#include "services/http/admission.hpp"
#include "services/http/file.hpp"
#include "services/http/lane.hpp"
#include "services/http/message.hpp"
#include "services/http/transfer_clock.hpp"
#include "services/http/upload_file.hpp"
#include "services/http/wire.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace darkroom {

struct http_route;
struct server_core;

/// Reads a request, has a worker thread answer it, writes the response, and
/// repeats this while the connection is kept alive:
///
///     start (TLS: the handshake)
///       |
///     await_request -> read_header -> dispatch
///          ^             +-> read_body ---> run_handler --+-> send
///          |             +-> begin_upload -> … -> finish -+     |
///          |             +-> the stream's hub takes over        |
///          +------------------ keep-alive -------------------- finish
///
/// Runs on the I/O thread. A worker thread touches request and response only
/// while the I/O thread waits for it: between offload() and its continuation.
class http_session : public std::enable_shared_from_this<http_session> {
public:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;

  using address = boost::asio::ip::address;
  using clock = std::chrono::steady_clock;

  /// How far the connection is. If there are too many connections, those in an
  /// earlier phase are closed first.
  enum class phase_type { idle, header, busy };

  /// @param core must outlive the session
  /// @param is_reserve the client may ask one probe and nothing else
  http_session(server_core& core, tcp::socket socket, const address& from,
               bool is_reserve);
  ~http_session();

  void start();
  /// Closes an idle connection now, and a busy one after its response.
  void close_when_idle();
  void close();
  /// Closes the connection in favour of another one. Answers with the server's
  /// 503 if it was never answered.
  void turn_away();

  /// Whether bytes have arrived that were not read yet, so the session will
  /// continue at once.
  bool has_more();

  /// A client that has begun a TLS handshake has said something, like one that
  /// has begun a header.
  phase_type phase() const {
    auto is_new = phase_ == phase_type::idle && !was_answered_;
    return is_new && wire_.is_secure() ? phase_type::header : phase_;
  }
  clock::time_point since() const {
    return since_;
  }
  bool is_reserve() const {
    return is_reserve_;
  }
  const address& key() const {
    return key_;
  }

private:
  using step = void (http_session::*)();

  // session_time.cpp: whoever waits for the client longer than this is cut off.
  // Holds for what waits when the time comes, so each wait sets its own.
  void expires_at(clock::time_point time);
  void expires_after(std::chrono::milliseconds time);
  void on_deadline();

  // session.cpp: reads a header. [worker] marks what runs on a worker thread.
  void await_request(std::chrono::milliseconds first_byte);
  void enter(phase_type phase);
  void leave_place();
  void read_header();
  void on_header(error_code failed);
  bool answer_failed_read(error_code failed);
  void take_request();

  // session_dispatch.cpp: chooses who answers.
  void dispatch();
  void refuse_plain();
  void name_client();
  void tell(unsigned status); ///< the observer; also [worker]
  void run_stream();
  std::function<bool()> renewed_permit() const;
  void run_handler();
  void call_handler();
  void call_on_lane(); // [worker]
  std::string local_host();
  bool is_lane_full();
  /// Runs `job` on a thread of the lane, then `then` on the I/O thread.
  void offload(http_lane where, step job, step then);
  /// Sets the response, even if the handler throws. [worker]
  /// @returns false if it threw
  bool answer(const std::function<http_response()>& handler);

  // session_body.cpp: reads the body into memory or a file.
  void read_body();
  uint64_t body_limit() const;
  void continue_body(step next);
  void read_chunk();
  void on_chunk(error_code failed);
  void begin_upload();
  void open_upload(); // [worker]
  void on_upload_open();
  void write_chunk(); // [worker]
  void on_chunk_written();
  void end_upload(); // [worker]

  // session_send.cpp: writes the response.
  void send(http_response response);
  void set_response(http_response response); // [worker] if it has a file
  void send_response();
  void send_next(size_t sent);
  void read_file(); // [worker]
  void send_piece();
  void finish();
  void drain();

  server_core& core_;
  const address from_;
  const address key_; ///< the client that the connection counts for
  const bool is_reserve_;
  bool has_place_ = true; ///< it counts as a connection
  phase_type phase_ = phase_type::idle;
  clock::time_point since_; ///< start of the phase
  wire wire_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::optional<
    boost::beast::http::request_parser<boost::beast::http::empty_body>>
    header_;
  std::optional<
    boost::beast::http::request_parser<boost::beast::http::buffer_body>>
    body_;
  std::function<bool()> may_go_on_; ///< of an event stream
  std::string chunk_;         ///< up to 64 KB of a body, in either direction
  transfer_clock transfer_;   ///< for the current body
  clock::time_point read_at_; ///< when the latest piece of the body came
  http_request request_;
  const http_route* route_ = nullptr;
  upload_file upload_;
  http_response response_;
  std::string head_;     ///< head of the response as sent
  bool refused_ = false; ///< an upload was answered before its body came
  file_reader file_;
  size_t body_sent_ = 0; ///< sent bytes of a body in memory
  bool was_answered_ = false;
  bool is_head_ = false;     ///< HEAD: the body is not sent
  bool keep_alive_ = false;  ///< the client wants it, and the server allows it
  bool body_unread_ = false; ///< the client may still be sending
};

} // namespace darkroom
