#include "tests/support/http_client.hpp"

namespace darkroom::test {

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string raw_client::read_to(std::string_view mark) {
  size_t at;
  while ((at = buffer_.find(mark)) == std::string::npos)
    if (!fill())
      return take(buffer_.size());
  return take(at + mark.size());
}

raw_response raw_client::read_response(bool has_body) {
  raw_response out;
  out.head = read_to("\r\n\r\n");
  if (out.head.starts_with("HTTP/1.1 "))
    out.status = std::stoi(out.head.substr(9, 3));
  auto at = out.head.find("Content-Length: ");
  if (at == std::string::npos || !has_body)
    return out;
  auto length = std::stoul(out.head.substr(at + 16));
  while (buffer_.size() < length)
    if (!fill())
      break;
  out.body = take(std::min<size_t>(length, buffer_.size()));
  return out;
}

bool raw_client::is_closed() {
  while (fill())
    buffer_.clear();
  return closed_;
}

raw_response raw_client::ask(const std::string& request,
                             const std::string& more, std::string_view body) {
  auto head = request + " HTTP/1.1\r\nHost: localhost\r\n" + more;
  if (!body.empty())
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send(head + "\r\n");
  send(body);
  return read_response(!request.starts_with("HEAD"));
}

bool raw_client::fill() {
  pollfd wait{socket_, POLLIN, 0};
  char chunk[65536];
  if (::poll(&wait, 1, 5000) <= 0)
    return false;
  auto got = ::recv(socket_, chunk, sizeof(chunk), 0);
  closed_ = got <= 0;
  if (got > 0)
    buffer_.append(chunk, static_cast<size_t>(got));
  return got > 0;
}

std::string raw_client::take(size_t bytes) {
  auto out = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return out;
}

} // namespace darkroom::test
