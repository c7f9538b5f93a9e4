/* The fixed words of documents, in the three languages: titles, heads of columns, short sentences. */
#ifndef DOCUMENT_WORDS_H
#define DOCUMENT_WORDS_H

#include "base/str.h"

/* X(name, Spanish, English, Portuguese) */
#define DOCUMENT_WORDS(X)                                                                                              \
    X(STATEMENT, "Estado de cuenta", "Statement of account", "Extrato de conta")                                       \
    X(AS_OF, "al", "as of", "em")                                                                                      \
    X(CUSTOMER, "Cliente", "Customer", "Cliente")                                                                      \
    X(CODE, "Código", "Code", "Código")                                                                                \
    X(TAX_ID, "Id. fiscal", "Tax ID", "Id. fiscal")                                                                    \
    X(DATE, "Fecha", "Date", "Data")                                                                                   \
    X(DOCUMENT, "Documento", "Document", "Documento")                                                                  \
    X(ISSUED, "Emisión", "Issued", "Emissão")                                                                          \
    X(DUE, "Vencimiento", "Due", "Vencimento")                                                                         \
    X(DAYS_LATE, "Días de atraso", "Days overdue", "Dias de atraso")                                                   \
    X(LATE, "Atraso", "Late", "Atraso")                                                                                \
    X(DAYS, "días", "days", "dias")                                                                                    \
    X(DAY, "día", "day", "dia")                                                                                        \
    X(AMOUNT, "Importe", "Amount", "Valor")                                                                            \
    X(OPEN, "Pendiente", "Open", "Em aberto")                                                                          \
    X(RUNNING, "Acumulado", "Running", "Acumulado")                                                                    \
    X(BALANCE, "Saldo", "Balance", "Saldo")                                                                            \
    X(CURRENCY, "Moneda", "Currency", "Moeda")                                                                         \
    X(AMOUNTS_IN, "Importes en", "Amounts in", "Valores em")                                                           \
    X(OPEN_ITEMS, "Documentos pendientes", "Open items", "Documentos em aberto")                                       \
    X(MOVEMENTS, "Movimientos", "Movements", "Movimentos")                                                             \
    X(MOVEMENT, "Movimiento", "Movement", "Movimento")                                                                 \
    X(REFERENCE, "Referencia", "Reference", "Referência")                                                              \
    X(CHARGE, "Cargo", "Charge", "Débito")                                                                             \
    X(CREDIT, "Abono", "Credit", "Crédito")                                                                            \
    X(TOTAL, "Total", "Total", "Total")                                                                                \
    X(TO_PAY, "Total pendiente", "Total open", "Total em aberto")                                                      \
    X(OVERDUE, "Vencido", "Overdue", "Vencido")                                                                        \
    X(NOT_DUE, "Por vencer", "Not yet due", "A vencer")                                                                \
    X(NET, "Saldo neto", "Net balance", "Saldo líquido")                                                               \
    X(UNAPPLIED, "Saldo a favor sin aplicar", "Unapplied credit", "Crédito não aplicado")                              \
    X(UNAPPLIED_PART, "Sin aplicar", "Unapplied", "Não aplicado")                                                      \
    X(AGEING, "Antigüedad", "Ageing", "Vencimentos por faixa")                                                         \
    X(WAYS_TO_PAY, "Cómo pagar", "How to pay", "Como pagar")                                                           \
    X(QUESTIONS, "¿Preguntas?", "Questions?", "Dúvidas?")                                                              \
    X(SCAN_TO_PAY, "Escanee para pagar", "Scan to pay", "Leia para pagar")                                             \
    X(NOTHING_OPEN, "No hay documentos pendientes a esta fecha.", "Nothing is open on this date.",                     \
      "Não há documentos em aberto nesta data.")                                                                       \
    X(PAGE, "Página", "Page", "Página")                                                                                \
    X(OF, "de", "of", "de")                                                                                            \
    X(INVOICE, "Factura", "Invoice", "Fatura")                                                                         \
    X(DEBIT_NOTE, "Nota de débito", "Debit note", "Nota de débito")                                                    \
    X(CREDIT_NOTE, "Nota de crédito", "Credit note", "Nota de crédito")                                                \
    X(ADVANCE, "Anticipo", "Advance", "Adiantamento")                                                                  \
    X(INSTALMENT, "cuota", "instalment", "parcela")                                                                    \
    X(PAYMENT_RECEIVED, "Pago recibido", "Payment received", "Pagamento recebido")                                     \
    X(PAYMENT_RETURNED, "Pago devuelto", "Payment returned", "Pagamento devolvido")                                    \
    X(PAYMENT_APPLIED, "Pago aplicado", "Payment applied", "Pagamento aplicado")                                       \
    X(CREDIT_APPLIED, "Nota de crédito aplicada", "Credit note applied", "Nota de crédito aplicada")                   \
    X(INTEREST, "Interés", "Interest", "Juros")                                                                        \
    X(WRITE_OFF, "Ajuste", "Adjustment", "Ajuste")                                                                     \
    X(SETTLED_BEFORE, "Pagado anteriormente", "Settled before", "Pago anteriormente")                                  \
    X(SNAPSHOT, "Ajuste según su sistema", "Adjusted to source", "Ajuste conforme o sistema")                          \
    X(REVERSAL, "Reversión", "Reversal", "Estorno")                                                                    \
    X(PAYMENT, "Pago", "Payment", "Pagamento")                                                                         \
    X(CASE_FILE, "Expediente", "Case file", "Processo")                                                                \
    X(CASE_INTRO,                                                                                                      \
      "Este resumen acompaña los archivos del expediente: estado de cuenta, copias, mensajes tal como se entregaron y "  \
      "la cadena de eventos. El programa verify.py, incluido, comprueba que nada fue cambiado.",                       \
      "This summary goes with the files of the case: statement, copies, messages as they were handed over, and the "   \
      "chain of events. The program verify.py, included, checks that nothing was changed.",                            \
      "Este resumo acompanha os arquivos do processo: extrato, cópias, mensagens tal como foram entregues e a cadeia " \
      "de eventos. O programa verify.py, incluído, verifica que nada foi alterado.")                                   \
    X(CHAIN_HEAD, "Último eslabón", "Head of the chain", "Último elo")                                                 \
    X(MESSAGES, "Mensajes", "Messages", "Mensagens")                                                                   \
    X(PROMISES, "Promesas de pago", "Promises to pay", "Promessas de pagamento")                                       \
    X(DISPUTES, "Desacuerdos", "Disputes", "Contestações")                                                             \
    X(HOLDS, "Pausas", "Holds", "Pausas")                                                                              \
    X(EVENTS, "Eventos", "Events", "Eventos")                                                                          \
    X(EVENT, "Evento", "Event", "Evento")                                                                              \
    X(CHANNEL, "Canal", "Channel", "Canal")                                                                            \
    X(ADDRESSEE, "Destino", "To", "Destino")                                                                           \
    X(STEP, "Paso", "Step", "Etapa")                                                                                   \
    X(STATE, "Estado", "State", "Estado")                                                                              \
    X(REASON, "Motivo", "Reason", "Motivo")                                                                            \
    X(UNTIL, "Hasta", "Until", "Até")                                                                                  \
    X(ACTOR, "Quién", "By", "Quem")

enum word {
#define X(name, es, en, pt) WORD_##name,
    DOCUMENT_WORDS(X)
#undef X
        WORD_COUNT
};

/* The language a document is written in: the wanted one, else the other, else Spanish: the first that there is. */
Str document_language(Str wanted, Str other);
/* "es", "en", "pt"; any other language gets Spanish. */
Str word_in(Str language, enum word word);

#endif
