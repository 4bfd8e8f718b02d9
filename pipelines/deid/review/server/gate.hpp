#pragma once
#include <mutex>
#include <string>

namespace deid::review::page {

/// What a request says about who sends it.
struct Asker {
  std::string host{};   ///< header Host
  std::string origin{}; ///< header Origin; empty: none
  std::string site{};   ///< header Sec-Fetch-Site; empty: none
  std::string cookie{}; ///< header Cookie
  std::string key{};    ///< header X-Deid-Key
  bool changes = false; ///< a request that may change something (POST)
};

/// Decides who gets an answer. The address that `deid review` prints has a token, which works once. Whoever
/// has the token gets a cookie for the page's files, and a key. Data and pictures need both. A browser keeps
/// a cookie for all ports of a host, so a server on another port could learn it; the key stays with the
/// page's origin. Thread: any.
class Gate {
public:
  /// Takes token, cookie and key from the system's random numbers. port: of the server.
  explicit Gate(int port);

  /// Whether the request may be answered at all: it names this server as its host, and comes from no page of
  /// another origin. Empty, or a sentence that says why not.
  [[nodiscard]] std::string refuses(const Asker& asker) const;
  /// Whether the token is the right one and was not used before. It is used up then.
  [[nodiscard]] bool redeem(const std::string& token);
  [[nodiscard]] bool has_cookie(const Asker& asker) const;
  [[nodiscard]] bool has_key(const Asker& asker) const;

  [[nodiscard]] const std::string& key() const { return key_; }
  /// The value of the header Set-Cookie.
  [[nodiscard]] std::string set_cookie() const;
  /// "http://127.0.0.1:PORT"
  [[nodiscard]] const std::string& origin() const { return origin_; }
  /// The page's address with the token.
  [[nodiscard]] std::string address() const;

private:
  std::string host_, origin_, cookie_name_;
  std::string token_, cookie_, key_;
  std::mutex mutex_{};
  bool used_ = false; ///< guarded by mutex_
};

} // namespace deid::review::page
