/// A server with routes for the HTTP suites. Define CAF_SUITE first.
#pragma once

#include "services/http/http_server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <stdexcept>

namespace darkroom::test {

/// A free port, bodies up to 1000 bytes, uploads up to 200,000.
inline http_settings small_settings() {
  http_settings out;
  out.port = 0;
  out.max_body_bytes = 1000;
  out.max_upload_bytes = 200000;
  return out;
}

struct http_fixture {
  explicit http_fixture(http_settings settings = small_settings())
    : server(settings) {}

  /// Adds routes that every test may use, then starts the server.
  void start() {
    server.route("GET", "/api/images/{id}", [](const http_request& request) {
      return json_response(200, request.param("id") + '|' + request.arg("q"));
    });
    server.route("POST", "/api/echo", [](const http_request& request) {
      return json_response(200, request.body);
    });
    server.route("GET", "/api/throw", [](const http_request&) -> http_response {
      throw std::runtime_error("the handler broke");
    });
    server.route(
      "GET", "/files/{path...}", [this](const http_request& request) {
        http_response out;
        out.file = folder / request.param("path");
        out.headers.emplace_back("Cache-Control", "public, max-age=60");
        return out;
      });
    server.upload(
      "/api/images",
      {[this](const http_request& request) { return decide(request); },
       [](const http_request&, const std::string&, uint64_t bytes) {
         return json_response(201, std::to_string(bytes));
       }});
    auto started = server.start();
    CAF_REQUIRE(started);
  }

  upload_decision decide(const http_request& request) {
    if (request.arg("name") == "refuse")
      return {{}, error_response(415, "no_picture", "that is no picture")};
    return {folder / request.arg("name"), {}};
  }

  raw_client client() {
    return raw_client{server.port()};
  }

  scratch_folder folder;
  http_server server;
};

} // namespace darkroom::test
