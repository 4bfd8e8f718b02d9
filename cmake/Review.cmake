# The page of `deid review` is built where the library of its server is; everything else does without it.
pkg_check_modules(HTTPLIB IMPORTED_TARGET cpp-httplib)
set(DEID_REVIEW_PAGE ${HTTPLIB_FOUND})
if(DEID_REVIEW_PAGE)
  message(STATUS "Page of deid review: built with cpp-httplib ${HTTPLIB_VERSION}")
else()
  message(STATUS "Page of deid review: not built, libcpp-httplib-dev is missing; ./meson-free-scripts/setup brings it")
endif()
