/// One HTTP connection. Internal to services/http.
#pragma once

#include "services/http/file.hpp"
#include "services/http/message.hpp"
#include "services/http/upload_file.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace darkroom {

struct http_route;
struct server_core;

/// Reads a request, has it answered on a worker thread, writes the response,
/// and so on while the connection is kept alive:
///
///     read_header -> dispatch -+-> read_body ---> run_handler --+-> send
///          ^                   +-> begin_upload -> … -> finish -+     |
///          |                   +-> the stream's hub takes over        |
///          +-------------------- keep-alive ---------------------- finish
///
/// Runs on the I/O thread. A worker thread touches request and response while
/// the I/O thread waits for it: between offload() and its continuation.
class http_session : public std::enable_shared_from_this<http_session> {
public:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;

  /// @param core outlives the session
  http_session(server_core& core, tcp::socket socket);
  ~http_session();

  void start();
  /// Closes an idle connection now, a busy one after its response.
  void close_when_idle();
  void close();

private:
  using step = void (http_session::*)();

  // session.cpp: from a header to a handler. [worker] marks what runs there.
  void read_header();
  void on_header(error_code failed);
  void take_request();
  void dispatch();
  void run_stream();
  void run_handler();
  void call_handler(); // [worker]
  /// Runs `job` on a worker thread, then `then` on the I/O thread.
  void offload(step job, step then);
  /// Sets the response, also if the handler throws. [worker]
  /// @returns false if it threw
  bool answer(const std::function<http_response()>& handler);

  // session_body.cpp: the body, into memory or a file.
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

  // session_send.cpp: the response.
  void send(http_response response);
  void set_response(http_response response); // [worker] if it has a file
  void send_response();
  void read_file(); // [worker]
  void send_file();
  void send_piece();
  void finish();
  void drain();

  server_core& core_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<
    boost::beast::http::request_parser<boost::beast::http::empty_body>>
    header_;
  std::optional<
    boost::beast::http::request_parser<boost::beast::http::buffer_body>>
    body_;
  std::string chunk_;       ///< up to 64 KB of a body under way, either way
  size_t unpaid_bytes_ = 0; ///< of the body since its deadline was moved
  http_request request_;
  const http_route* route_ = nullptr;
  upload_file upload_;
  http_response response_;
  std::string head_;     ///< of the response, as sent
  bool refused_ = false; ///< an upload's response is there before its body
  file_reader file_;
  bool idle_ = true;         ///< between two requests
  bool is_head_ = false;     ///< HEAD: the body is not sent
  bool keep_alive_ = false;  ///< as the client asked and the server allows
  bool body_unread_ = false; ///< the client may still be sending
};

} // namespace darkroom
