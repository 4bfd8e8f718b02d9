#!/bin/sh
# images-to-images.sh DIR/%04d.jpg OUT/%04d.jpg: pixelates the faces of numbered pictures of one size, each looked at on its own. For photographs of any size and format, and to remove what their files say: deid run PHOTOS/ -o OUT/.
exec gst-launch-1.0 -q multifilesrc location="$1" caps=image/jpeg,framerate=1/1 ! jpegdec ! deidfacedetect lookahead=0 \
  ! deidfaceblur mode=pixelate ! jpegenc quality=92 ! multifilesink location="$2"
