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
    X(PAYMENT_REFUNDED, "Saldo reintegrado", "Paid back", "Saldo reembolsado")                                         \
    X(PAYMENT_APPLIED, "Pago aplicado", "Payment applied", "Pagamento aplicado")                                       \
    X(CREDIT_APPLIED, "Nota de crédito aplicada", "Credit note applied", "Nota de crédito aplicada")                   \
    X(INTEREST, "Interés", "Interest", "Juros")                                                                        \
    X(WRITE_OFF, "Ajuste", "Adjustment", "Ajuste")                                                                     \
    X(SETTLED_BEFORE, "Pagado anteriormente", "Settled before", "Pago anteriormente")                                  \
    X(SNAPSHOT, "Ajuste según su sistema", "Adjusted to source", "Ajuste conforme o sistema")                          \
    X(REVERSAL, "Reversión", "Reversal", "Estorno")                                                                    \
    X(PAYMENT, "Pago", "Payment", "Pagamento")                                                                         \
    X(RECEIPT, "Recibo de pago", "Payment receipt", "Recibo de pagamento")                                             \
    X(RECEIPT_TEXT, "Recibimos de %C la suma de %A.", "We received %A from %C.", "Recebemos de %C o valor de %A.")     \
    X(RECEIPT_RETURNED, "Este pago fue devuelto: el recibo no vale como prueba de pago.",                              \
      "This payment was returned: the receipt is no proof of payment.",                                                \
      "Este pagamento foi devolvido: o recibo não vale como comprovante.")                                             \
    X(METHOD, "Medio", "Method", "Meio")                                                                               \
    X(APPLIED_TO, "Aplicado a", "Applied to", "Aplicado a")                                                            \
    X(APPLIED, "Aplicado", "Applied", "Aplicado")                                                                      \
    X(NUMBER, "Número", "Number", "Número")                                                                            \
    X(AGREEMENT, "Acuerdo de pago", "Payment agreement", "Acordo de pagamento")                                        \
    X(AGREEMENT_TEXT,                                                                                                  \
      "%C reconoce que debe %A a %E y se compromete a pagarlos en las cuotas que siguen. %E acepta ese calendario: "   \
      "mientras se cumpla, no reclamará estos documentos.",                                                            \
      "%C acknowledges owing %A to %E and agrees to pay it in the instalments below. %E accepts this calendar: while " \
      "it is kept, these documents will not be claimed.",                                                              \
      "%C reconhece dever %A a %E e compromete-se a pagar nas parcelas abaixo. %E aceita este calendário: enquanto "   \
      "for cumprido, estes documentos não serão cobrados.")                                                            \
    X(AGREEMENT_BREAK,                                                                                                 \
      "Si una cuota no se paga dentro de los cinco días siguientes a su fecha, el acuerdo puede darse por terminado "  \
      "y el saldo vuelve a ser exigible según los documentos originales.",                                             \
      "If an instalment is not paid within five days of its date, the agreement may be ended and the balance falls "   \
      "due again under the original documents.",                                                                       \
      "Se uma parcela não for paga em até cinco dias após a data, o acordo pode ser encerrado e o saldo volta a ser "  \
      "exigível conforme os documentos originais.")                                                                    \
    X(INSTALMENTS, "Cuotas", "Instalments", "Parcelas")                                                                \
    X(CREDITOR, "Acreedor", "Creditor", "Credor")                                                                      \
    X(DEBTOR, "Quien paga", "Payer", "Quem paga")                                                                      \
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
