/* PNG by libpng's simple interface, JPEG by libjpeg; both to plain rows, made smaller, packed. */
#include "document/pdf_image.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include "document/deflate.h"

#define MAX_SIDE 2000
#define FIT_WIDTH 600
#define FIT_HEIGHT 300

struct picture {
    int width, height;
    unsigned char *rgb;
};

static enum rc refuse(struct ctx *cx, SAYS const char *what) {
    return fail_field(cx, INVALID, "logo", "give a PNG or JPEG of at most 2000 pixels a side and 512 kB",
                      "%s", phrase(cx, what));
}

static enum rc read_png(struct ctx *cx, Str file, struct picture *out) {
    png_image image = {.version = PNG_IMAGE_VERSION};
    const png_color white = {255, 255, 255};
    if (!png_image_begin_read_from_memory(&image, file.p, file.n)) return refuse(cx, "the picture is no readable PNG");
    if (image.width > MAX_SIDE || image.height > MAX_SIDE) {
        png_image_free(&image);
        return refuse(cx, "the picture is too large");
    }
    image.format = PNG_FORMAT_RGB;
    *out = (struct picture){(int)image.width, (int)image.height, arena_alloc(cx->arena, PNG_IMAGE_SIZE(image))};
    if (!png_image_finish_read(&image, &white, out->rgb, 0, NULL)) {
        png_image_free(&image);
        return refuse(cx, "the picture is a damaged PNG");
    }
    return OK;
}

/* libjpeg's errors come back here; its warnings (a file cut short) count as errors. */
struct jpeg_failure {
    struct jpeg_error_mgr manager;
    jmp_buf back;
};

static void jpeg_failed(j_common_ptr j) { longjmp(((struct jpeg_failure *)j->err)->back, 1); }

static void jpeg_message(j_common_ptr j, int level) {
    if (level < 0) jpeg_failed(j);
}

/* False for what is no JPEG, or a larger one than may be. `out` stays untouched then. */
static bool decode_jpeg(struct arena *arena, Str file, struct picture *out) {
    struct jpeg_decompress_struct j;
    struct jpeg_failure failure;
    j.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = jpeg_failed;
    failure.manager.emit_message = jpeg_message;
    if (setjmp(failure.back)) {
        jpeg_destroy_decompress(&j);
        return false;
    }
    jpeg_create_decompress(&j);
    jpeg_mem_src(&j, (const unsigned char *)file.p, file.n);
    bool good = jpeg_read_header(&j, TRUE) == JPEG_HEADER_OK && j.image_width <= MAX_SIDE &&
                j.image_height <= MAX_SIDE && (j.num_components == 1 || j.num_components == 3);
    if (good) {
        j.out_color_space = JCS_RGB;
        jpeg_start_decompress(&j);
        size_t row_size = (size_t)j.output_width * 3;
        unsigned char *rgb = arena_alloc(arena, row_size * j.output_height);
        while (j.output_scanline < j.output_height) {
            JSAMPROW row = rgb + row_size * j.output_scanline;
            jpeg_read_scanlines(&j, &row, 1);
        }
        *out = (struct picture){(int)j.output_width, (int)j.output_height, rgb};
        jpeg_finish_decompress(&j);
    }
    jpeg_destroy_decompress(&j);
    return good;
}

/* Averages over the area that becomes one pixel. */
static struct picture make_smaller(struct arena *arena, const struct picture *from) {
    int width = from->width, height = from->height;
    if (width > FIT_WIDTH) {
        height = height * FIT_WIDTH / width;
        width = FIT_WIDTH;
    }
    if (height > FIT_HEIGHT) {
        width = width * FIT_HEIGHT / height;
        height = FIT_HEIGHT;
    }
    if (width < 1) width = 1;
    if (height < 1) height = 1;
    struct picture to = {width, height, arena_alloc(arena, (size_t)width * (size_t)height * 3)};
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int x1 = x * from->width / width, x2 = (x + 1) * from->width / width;
            int y1 = y * from->height / height, y2 = (y + 1) * from->height / height;
            uint32_t sum[3] = {0}, n = 0;
            for (int v = y1; v < y2 || v == y1; v++)
                for (int u = x1; u < x2 || u == x1; u++, n++)
                    for (int c = 0; c < 3; c++) sum[c] += from->rgb[(v * from->width + u) * 3 + c];
            for (int c = 0; c < 3; c++) to.rgb[(y * width + x) * 3 + c] = (unsigned char)(sum[c] / n);
        }
    return to;
}

/* Differences to the pixel on the left (TIFF predictor 2): flat areas become zeros. */
static void predict(struct picture *p) {
    for (int y = 0; y < p->height; y++) {
        unsigned char *row = p->rgb + (size_t)y * (size_t)p->width * 3;
        for (int i = p->width * 3 - 1; i >= 3; i--) row[i] = (unsigned char)(row[i] - row[i - 3]);
    }
}

enum rc pdf_image_read(struct ctx *cx, Str file, struct pdf_image *out) {
    struct picture picture;
    if (file.n > IMAGE_FILE_MAX) return refuse(cx, "the picture is larger than 512 kB");
    if (file.n > 8 && memcmp(file.p, "\x89PNG\r\n\x1A\n", 8) == 0) {
        TRY(read_png(cx, file, &picture));
    } else if (file.n > 3 && memcmp(file.p, "\xFF\xD8\xFF", 3) == 0) {
        if (!decode_jpeg(cx->arena, file, &picture)) return refuse(cx, "the picture is a damaged JPEG, a CMYK one, or too large");
    } else {
        return refuse(cx, "the picture is neither PNG nor JPEG");
    }
    picture = make_smaller(cx->arena, &picture);
    predict(&picture);
    size_t size = (size_t)picture.width * (size_t)picture.height * 3;
    *out = (struct pdf_image){
        .width = picture.width,
        .height = picture.height,
        .dictionary = arena_printf(cx->arena,
                                   "/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
                                   "/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 2/Colors 3"
                                   "/Columns %d>>",
                                   picture.width, picture.height, picture.width),
        .bytes = deflate_in(cx->arena, (Str){(const char *)picture.rgb, size}, 9)};
    return OK;
}
