#pragma once
#include "pipelines/deid/review/server/desk.hpp"
#include <memory>
#include <string>

namespace deid::review::page {

struct ServerOptions {
  bool no_original = false; ///< no picture of the original is ever given
};

/// Serves the page of a review on 127.0.0.1, on a port that the system chooses. It answers only the one
/// browser that has the token of address(), see Gate. It gives the page's files, which are compiled in, the
/// desk's data, and pictures; it opens no file by a name from a request. Pictures of the original are given
/// only after the page has asked for them once (POST /api/original), which a person does by a click. Thread:
/// any.
class Server {
public:
  /// Borrows the desk for its life. Throws UserError: no port is free.
  Server(Desk& desk, const ServerOptions& options);
  ~Server(); ///< stops

  /// The address with the token that works once.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] int port() const;
  /// Answers until stop().
  void run();
  void stop();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::review::page
