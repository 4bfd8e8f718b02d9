# The page of `deid review` is built where the library of its server is; everything else does without it.
pkg_check_modules(HTTPLIB IMPORTED_TARGET cpp-httplib)
set(DEID_REVIEW_PAGE ${HTTPLIB_FOUND})
# Debian 13 builds the library with TLS, and its header then calls OpenSSL itself.
if(HTTPLIB_CFLAGS MATCHES "OPENSSL")
  pkg_check_modules(HTTPLIB_TLS REQUIRED IMPORTED_TARGET libssl libcrypto)
  target_link_libraries(PkgConfig::HTTPLIB INTERFACE PkgConfig::HTTPLIB_TLS)
endif()
if(DEID_REVIEW_PAGE)
  message(STATUS "Page of deid review: built with cpp-httplib ${HTTPLIB_VERSION}")
else()
  message(STATUS "Page of deid review: not built, libcpp-httplib-dev is missing; ./meson-free-scripts/setup brings it")
endif()
